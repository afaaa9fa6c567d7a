import { absentPrediction } from './absent.js';
import type { RowOf } from './column.js';
import { predictionColumns } from './prediction-columns.js';

type Table = typeof predictionColumns;
type Held = 'always' | 'class' | 'value' | 'stated' | 'asked';

/** Columns that the join holds in one case. */
export type HeldName<H extends Held> = {
  [K in keyof Table]: Table[K] extends { readonly held: H } ? K : never;
}[keyof Table];

export function heldNames<H extends Held>(held: H): readonly HeldName<H>[] {
  const names = Object.entries(predictionColumns).filter(([, column]) => 'held' in column && column.held === held);
  return names.map(([name]) => name as HeldName<H>);
}

/** What labelled predictions carry of models that ask for it. */
export const askedNames = heldNames('asked');
export type AskedName = HeldName<'asked'>;
export type Asked = Pick<RowOf<Table>, AskedName>;

export const noneAsked = Object.freeze(
  Object.fromEntries(askedNames.map((name) => [name, absentPrediction[name]])),
) as Asked;

/** The columns that `labelledWith` may ask for, by the fields of events that they come from; features are asked for by name. */
export const askedFields: ReadonlyMap<string, AskedName> = new Map(
  askedNames.filter((name) => name !== 'features').map((name) => [predictionColumns[name].from, name]),
);
