import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { mostEvents } from './limits.js';
import type { Refused } from './refused.js';

/** The bytes that an event came in. Called only when it is refused. */
export interface Original {
  readonly encoding: 'json' | 'protobuf';
  readonly bytes: () => Uint8Array;
}

/** Something that wants in: an event, in the form in which it came, or what could not be read as one. */
export type SubmittedEvent =
  /** A `moola.v1.Event`. */
  | { readonly kind: 'protobuf'; readonly bytes: Uint8Array }
  /** @param where of the value, such as `line 3: `: said when it is no event. */
  | { readonly kind: 'json'; readonly value: unknown; readonly where: string; readonly original: Original }
  | { readonly kind: 'event'; readonly event: Event; readonly original: Original }
  | { readonly kind: 'unreadable'; readonly refused: Refused; readonly original: Original };

/**
 * What becomes of fields that this version does not know: refused where the sender is told at once (a misspelt field would
 * be lost in silence), ignored and counted where a newer producer writes.
 */
export type UnknownFields = 'refused' | 'ignored';

/** The events of a body or a record, or why it as a whole cannot be read: what and where. */
export type ReadSubmittedEvents =
  | {
      readonly ok: true;
      readonly submittedEvents: readonly SubmittedEvent[];
      /** How many fields beside the events were ignored. */
      readonly unknownFields: number;
    }
  | { readonly ok: false; readonly detail: string; readonly tooMany?: true };

/** Of a body or a record of more events than are taken at once. */
export const tooManyEvents: ReadSubmittedEvents = {
  ok: false,
  tooMany: true,
  detail: `holds more than ${mostEvents} events: send them in batches of some hundred`,
};

export function originalOf(submitted: SubmittedEvent): Original {
  return submitted.kind === 'protobuf' ? { encoding: 'protobuf', bytes: () => submitted.bytes } : submitted.original;
}

export function malformed(detail: string): Refused {
  return { reason: 'malformed', field: '', detail };
}
