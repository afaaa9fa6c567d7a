import type { Event, Outcome } from './gen/moola/v1/telemetry_pb.js';
import type { EventRow, IntakeRow } from './rows.js';

/**
 * An outcome that knows when it became known and carries no prediction: nearly all events that are no predictions. Its fields
 * are at hand without the event, which is made anew each time that it is asked for.
 */
export class PlainOutcome implements EventRow {
  /** @param value where the truth is a number; absent: it is a class */
  constructor(
    readonly id: string,
    readonly source: string,
    readonly model: string,
    readonly input: string,
    readonly knownSeconds: number,
    readonly knownNanos: number,
    readonly truth: string,
    readonly value: number | undefined,
    readonly revision: number,
  ) {}

  get kind(): 'event' {
    return 'event';
  }

  /** Milliseconds since the epoch; sub-millisecond digits are cut off. */
  get knownMs(): number {
    return this.knownSeconds * 1000 + Math.floor(this.knownNanos / 1_000_000);
  }

  get event(): Event {
    const { id, source, model, input, truth, value, revision, knownSeconds, knownNanos } = this;
    const outcome: Outcome = {
      $typeName: 'moola.v1.Outcome',
      model,
      input,
      knownAt: { $typeName: 'google.protobuf.Timestamp', seconds: BigInt(knownSeconds), nanos: knownNanos },
      truth,
      revision,
    };
    if (value !== undefined) outcome.value = value;
    return { $typeName: 'moola.v1.Event', id, source, kind: { case: 'outcome', value: outcome } };
  }

  /** The same with another id and input. */
  with(id: string, input: string): PlainOutcome {
    const { source, model, knownSeconds, knownNanos, truth, value, revision } = this;
    return new PlainOutcome(id, source, model, input, knownSeconds, knownNanos, truth, value, revision);
  }
}

/** What kind of event a row is. */
export function caseOf(row: IntakeRow): Event['kind']['case'] {
  if (row.kind === 'prediction') return 'prediction';
  return row instanceof PlainOutcome ? 'outcome' : row.event.kind.case;
}

/** The model that a row is of; empty where it names none. */
export function modelOf(row: IntakeRow): string {
  if (row.kind === 'prediction' || row instanceof PlainOutcome) return row.model;
  return row.event.kind.value?.model ?? '';
}
