import { Role } from '../gen/moola/v1/telemetry_pb.js';
import type { ColumnTable, ColumnType, RowOf } from './column.js';
import { noNumbers } from './named-numbers.js';
import { labelledColumns } from './labelled-columns.js';
import { predictionColumns } from './prediction-columns.js';
import { noSegments } from './segments.js';

const absent: Readonly<Record<ColumnType, unknown>> = {
  ...{ text: '', unique: '', run: '', number: NaN, time: NaN, role: Role.UNSPECIFIED },
  ...{ word: undefined, segments: noSegments, features: noNumbers, probabilities: noNumbers },
};

/** What a row holds in columns that a record does not have; of a word the first. */
function absentRow<T extends ColumnTable>(table: T): RowOf<T> {
  const values = Object.entries(table).map(([name, { type, words }]) => [name, words?.[0] ?? absent[type]] as const);
  return Object.fromEntries(values) as RowOf<T>;
}

export const absentPrediction = absentRow(predictionColumns);
export const absentLabelled = absentRow(labelledColumns);
