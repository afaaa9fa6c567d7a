import type { Event } from '../gen/moola/v1/telemetry_pb.js';
import type { NumberLimits } from '../number-limits.js';

/** The kinds of events, as `Event.kind` names them. Each has a field `model`: events are keyed by it. */
export type EventCase = Exclude<Event['kind']['case'], undefined>;

export type EventValue<C extends EventCase> = Extract<Event['kind'], { readonly case: C }>['value'];

/** What every part of the system must know of a kind of events. */
export interface EventKind<C extends EventCase = EventCase> {
  /** How far back a door takes it at most. */
  readonly horizonMs: number;
  /** Of each field that holds numbers. */
  readonly numbers: { readonly [F in keyof EventValue<C>]?: NumberLimits };
}
