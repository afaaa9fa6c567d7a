import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { invalid, name, type Check, type TimeRange } from './checks.js';
import { receivedKind } from './kinds.js';
import { replaceIdentifiers } from './identifiers.js';
import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { eventCases, eventKinds } from '@moola/contracts/event-kinds';
import { predictionRow } from './prediction-row.js';
import type { Refused } from './refused.js';

/** How far beyond the present an event may lie: clocks differ. */
export const futureToleranceMs = 5 * 60_000;

export type Received =
  | { readonly accepted: true; readonly row: IntakeRow; readonly model: string }
  | { readonly accepted: false; readonly refused: Refused };

/** What the door knows beside the event. */
export interface ReceiveContext {
  /** The present: wall time, or the time of a replay. */
  readonly nowMs: number;
  /** Older events are refused: they could not be told from duplicates any more. */
  readonly horizonMs: number;
  /** Replaces what points at a person, a customer or a request; `null` keeps it. */
  readonly replaceIdentifier: IdentifierHash | null;
  /** The id of what came without one, from a row whose id is empty. */
  readonly contentId: (row: IntakeRow) => string;
}

/** Replaces identifiers by values that tell nothing of them: the same for the same identifier. */
export interface IdentifierHash {
  of(identifier: string): string;
  /** Of UTF-8 text in place: the same as `of`, without decoding it. */
  ofBytes(bytes: Uint8Array, start: number, end: number): string;
}

/**
 * Validates an event and makes it a row; the event itself is changed and becomes part of it. Deterministic.
 */
export function receive(event: Event, context: ReceiveContext): Received {
  const { nowMs, horizonMs, replaceIdentifier, contentId } = context;
  const range: TimeRange = { fromMs: nowMs - horizonMs, untilMs: nowMs + futureToleranceMs };
  if (event.kind.case !== undefined) receivedKind(event.kind.case).prepare?.(event.kind.value);
  const refused = name('id', event.id, 256) ?? name('source', event.source, 256) ?? checkKind(event, range);
  if (refused !== null) return { accepted: false, refused };
  const { kind } = event;
  if (kind.case === undefined) return { accepted: false, refused: noKind };
  const { model } = kind.value;
  if (replaceIdentifier !== null) replaceIdentifiers(event, (identifier) => replaceIdentifier.of(identifier));
  // After the identifiers, or the hash would tell of them.
  if (kind.case === 'prediction') {
    const row = predictionRow(event.id, event.source, kind.value);
    return { accepted: true, row: row.id === '' ? { ...row, id: contentId(row) } : row, model };
  }
  if (event.id === '') event.id = contentId({ kind: 'event', event });
  return { accepted: true, row: { kind: 'event', event }, model };
}

const noKind = invalid('', `says nothing: give one of ${eventCases.join(', ')}`);

function checkKind({ kind }: Event, range: TimeRange): Check {
  if (kind.case === undefined) return noKind;
  return receivedKind(kind.case).check(kind.value, within(range, eventKinds[kind.case].horizonMs));
}

/** The part of a range that reaches back no further than this from the present. */
function within({ fromMs, untilMs }: TimeRange, horizonMs: number): TimeRange {
  const nowMs = untilMs - futureToleranceMs;
  // A replay takes history of any age.
  return fromMs < nowMs - defaultDoorHorizonMs
    ? { fromMs, untilMs }
    : { fromMs: Math.max(fromMs, nowMs - horizonMs), untilMs };
}
