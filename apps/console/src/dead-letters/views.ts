import { z } from 'zod';
import type { ViewOf } from '../read-model/view.js';

/* What the API answers of dead letters: plain JSON, times in milliseconds since the epoch. */

const reason = z.enum(['unspecified', 'malformed', 'invalid-field', 'time-out-of-range', 'poison', 'too-many-models']);
export type DeadLetterReasonName = z.infer<typeof reason>;

export const deadLetterView = z.strictObject({
  id: z.string(),
  atMs: z.number().describe('When it came last, milliseconds since the epoch.'),
  times: z
    .number()
    .describe(
      'How often the very same bytes came from this origin, or how many events were refused that the letter counts.',
    ),
  origin: z.string().describe('http, telemetry, or the processor that could not apply it.'),
  reason,
  detail: z.string().describe('What, where, and what to do.'),
  encoding: z.string().describe('json, protobuf, row, …'),
  size: z.number().describe('Of the original, in bytes.'),
});
export type DeadLetterView = ViewOf<typeof deadLetterView>;

export const deadLetterPageView = z.strictObject({
  total: z.number().describe('All that are known, on whichever page.'),
  deadLetters: z.array(deadLetterView).describe('Newest first.'),
  next: z.string().nullable().describe('`before` of the next page; null on the last.'),
});
export type DeadLetterPageView = ViewOf<typeof deadLetterPageView>;

const payloadView = z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })]);
/** The original, as it came. */
export type PayloadView = ViewOf<typeof payloadView>;

export const openedDeadLetterView = deadLetterView.extend({ payload: payloadView });
export type OpenedDeadLetterView = ViewOf<typeof openedDeadLetterView>;

const retriedEventView = z.strictObject({
  event: z.string().describe("The event's id, or its place in the payload where it has none: #3."),
  accepted: z.boolean(),
  detail: z.string().describe('Why not; empty when it was accepted.'),
});
/** What became of one event of a payload that was taken in again. */
export type RetriedEventView = ViewOf<typeof retriedEventView>;

export const retryView = z.strictObject({ id: z.string(), events: z.array(retriedEventView) });
export type RetryView = ViewOf<typeof retryView>;
