/**
 * Tags of `moola.v1.Event` and what it holds, for what is read and written by hand: a field's number × 8 + its wire
 * type. Those of a prediction follow from its columns.
 */
export const eventTag = { id: 0x0a, source: 0x12, prediction: 0x52, outcome: 0x5a } as const;
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
