import type { ColumnType } from '@moola/contracts/columns/column';
import { compile } from '@moola/contracts/compile';
import { Role, type Prediction } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PredictionRow } from '@moola/contracts/rows';
import { millisOf } from './instants.js';
import { predictionFields } from './prediction-fields.js';

/** What a value becomes, by the type of its column; otherwise it is itself. */
const converted: { readonly [T in ColumnType]?: (value: string) => string } = {
  number: (value) => `${value} ?? NaN`,
  time: (value) => `millisOf(${value})`,
  // A prediction that names no role was used.
  role: (value) => `${value} === ${Role.UNSPECIFIED} ? ${Role.PRIMARY} : ${value}`,
};

const values = predictionFields.map(({ name, from, type }) => {
  const value = `prediction.${from}`;
  return `${name}: ${converted[type]?.(value) ?? value}`;
});

/** A validated prediction as a row. */
export const predictionRow = compile(
  'prediction-row',
  { millisOf },
  `(id, source, prediction) => ({ kind: 'prediction', id, source, ${values.join(', ')} })`,
) as (id: string, source: string, prediction: Prediction) => PredictionRow;
