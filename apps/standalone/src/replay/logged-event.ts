import type { Received } from '@moola/collector/receive/domain/receive';
import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { CsvReading } from './csv-row.js';

/** An event of a log as the doors take it, with the time at which a replay sends it. */
export interface LoggedEvent {
  readonly timeMs: number;
  readonly row: IntakeRow;
  /** Whether the log says in which role a prediction was made. */
  readonly hasRole: boolean;
  /** Where it stands in the file, from 1. */
  readonly line: number;
}

export interface LogReadingOptions extends CsvReading {
  /** Makes an event that is sent at a time a row, or says why the doors would refuse it. */
  receive(event: Event, timeMs: number): Received;
  /** Told each event that can be replayed, in the order of the file. */
  take(event: LoggedEvent): void;
  /** Whether rows of CSV that are plainly right need not be shown to `receive`, which would take them. */
  readonly takesPlainRows?: boolean;
}

/** An event as a row, or why it is not replayed. */
export type Taking = { readonly event: LoggedEvent } | { readonly problem: string };

export function taken(
  event: Event,
  timeMs: number,
  line: number,
  options: LogReadingOptions,
  nameOf: (field: string) => string,
): Taking {
  if (timeMs < 0) {
    const time = new Date(timeMs).toISOString();
    return { problem: `${nameOf(timeField(event))}: ${time} is before 1970, where replays begin` };
  }
  const hasRole = event.kind.case === 'prediction' && event.kind.value.role !== Role.UNSPECIFIED;
  const received = options.receive(event, timeMs);
  if (received.accepted) return { event: { timeMs, row: received.row, hasRole, line } };
  return { problem: `${nameOf(received.refused.field)}: ${received.refused.detail}` };
}

const timeField = ({ kind }: Event): string =>
  kind.case === 'outcome' ? 'outcome.knownAt' : `${kind.case ?? 'event'}.time`;
