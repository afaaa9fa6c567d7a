import { askedNames, heldNames } from '@moola/contracts/columns/held-columns';
import { predictionColumns } from '@moola/contracts/columns/prediction-columns';

/** The columns of a page by name, beside the hash that every row has. */
export type PageLayout = Readonly<Record<string, 'float64' | 'uint32' | 'uint16' | 'uint8'>>;

/** How a page has the values of each type of column; texts as indexes into its strings. */
const widths = {
  text: 'uint16',
  unique: 'uint16',
  run: 'uint16',
  segments: 'uint16',
  probabilities: 'uint16',
  features: 'uint16',
  number: 'float64',
  time: 'float64',
  role: 'uint8',
} as const;
type Table = typeof predictionColumns;
type LayoutOf<K extends keyof Table> = { readonly [N in K]: (typeof widths)[Table[N]['type'] & keyof typeof widths] };

function layoutOf<K extends keyof Table>(names: readonly K[]): LayoutOf<K> {
  const width = (name: K) => widths[predictionColumns[name].type];
  return Object.fromEntries(names.map((name) => [name, width(name)])) as LayoutOf<K>;
}

/** A prediction: its presence is its deduplication, the rest is what a labelled row needs. Immutable. */
export const predictionLayout = layoutOf([...heldNames('always'), ...heldNames('class')]);

/** A prediction that states the probabilities of several classes: `mapText`. */
export const probablePredictionLayout = layoutOf([
  ...heldNames('always'),
  ...heldNames('class'),
  ...heldNames('stated'),
]);

/** A prediction whose answer is a number: where others have a class and a score, its value. */
export const valuePredictionLayout = layoutOf([...heldNames('always'), ...heldNames('value')]);

/** Columns that a page of predictions has only where a row of it has a value there. */
export const askedLayout = layoutOf(askedNames);

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

export const pageKinds = [
  'prediction',
  'outcome',
  'event',
  'valuePrediction',
  'valueOutcome',
  'probablePrediction',
] as const;
export type PageKind = (typeof pageKinds)[number];

export const pageLayouts = {
  prediction: predictionLayout,
  outcome: outcomeLayout,
  event: eventLayout,
  valuePrediction: valuePredictionLayout,
  valueOutcome: valueOutcomeLayout,
  probablePrediction: probablePredictionLayout,
} as const satisfies Record<PageKind, PageLayout>;

/** The columns of a page's entry of format 1, which does not name them, in their order. This never changes. */
export const formatOneLayouts = {
  prediction: {
    ...{ timeMs: 'float64', score: 'float64', model: 'uint16', version: 'uint16', class: 'uint16', segments: 'uint16' },
    role: 'uint8',
  },
  outcome: {
    ...{ heldFromMs: 'float64', knownAtMs: 'float64', revision: 'uint32', truth: 'uint16', model: 'uint16' },
    ...{ id: 'uint16', source: 'uint16', waits: 'uint8' },
  },
  event: { timeMs: 'float64' },
  valuePrediction: {
    ...{ timeMs: 'float64', value: 'float64', model: 'uint16', version: 'uint16', segments: 'uint16', role: 'uint8' },
  },
  valueOutcome: {
    ...{ heldFromMs: 'float64', knownAtMs: 'float64', revision: 'uint32', truth: 'uint16', model: 'uint16' },
    ...{ id: 'uint16', source: 'uint16', waits: 'uint8', value: 'float64' },
  },
  // Came with the next format.
  probablePrediction: {},
} as const satisfies Record<PageKind, PageLayout>;
