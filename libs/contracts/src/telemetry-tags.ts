/**
 * Tags of `moola.v1.Event` and what it holds, for what is read and written by hand. A byte each: the field's number × 8 + the
 * wire type.
 */
export const eventTag = { id: 0x0a, source: 0x12, prediction: 0x52, outcome: 0x5a } as const;
export const predictionTag = {
  model: 0x0a,
  version: 0x12,
  build: 0x1a,
  role: 0x20,
  input: 0x2a,
  time: 0x32,
  class: 0x3a,
  value: 0x41,
  score: 0x49,
  latencyMs: 0x51,
  costUsd: 0x59,
  error: 0x62,
  segments: 0x6a,
  arm: 0x72,
  features: 0x7a,
} as const;
export const outcomeTag = {
  model: 0x0a,
  input: 0x12,
  knownAt: 0x1a,
  truth: 0x22,
  value: 0x29,
  revision: 0x30,
} as const;
export const timestampTag = { seconds: 0x08, nanos: 0x10 } as const;
/** Of the entries of a map. */
export const entryTag = { key: 0x0a, text: 0x12, number: 0x11 } as const;
