/** The columns of a page by name, beside the hash that every row has. */
export type PageLayout = Readonly<Record<string, 'float64' | 'uint32' | 'uint16' | 'uint8'>>;

/** A prediction: its presence is its deduplication, the rest is what a labelled row needs. Immutable. */
export const predictionLayout = {
  timeMs: 'float64',
  score: 'float64',
  model: 'uint16',
  version: 'uint16',
  class: 'uint16',
  segments: 'uint16',
  role: 'uint8',
} as const satisfies PageLayout;

/** A prediction whose answer is a number: where others have a class and a score, its value. */
export const valuePredictionLayout = {
  timeMs: 'float64',
  value: 'float64',
  model: 'uint16',
  version: 'uint16',
  segments: 'uint16',
  role: 'uint8',
} as const satisfies PageLayout;

/** An outcome: the fields of `HeldOutcome`. `waits` changes in place. */
export const outcomeLayout = {
  heldFromMs: 'float64',
  knownAtMs: 'float64',
  revision: 'uint32',
  truth: 'uint16',
  model: 'uint16',
  id: 'uint16',
  source: 'uint16',
  waits: 'uint8',
} as const satisfies PageLayout;

/** An outcome whose truth is a number. */
export const valueOutcomeLayout = { ...outcomeLayout, value: 'float64' } as const satisfies PageLayout;

/** Any other event: only its presence counts. */
export const eventLayout = { timeMs: 'float64' } as const satisfies PageLayout;

export const pageKinds = ['prediction', 'outcome', 'event', 'valuePrediction', 'valueOutcome'] as const;
export type PageKind = (typeof pageKinds)[number];

export const pageLayouts = {
  prediction: predictionLayout,
  outcome: outcomeLayout,
  event: eventLayout,
  valuePrediction: valuePredictionLayout,
  valueOutcome: valueOutcomeLayout,
} as const satisfies Record<PageKind, PageLayout>;
