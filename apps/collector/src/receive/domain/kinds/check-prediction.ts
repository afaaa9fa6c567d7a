import type { ColumnType } from '@moola/contracts/columns/column';
import { compile } from '@moola/contracts/compile';
import type { Prediction } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  hiddenNumber,
  instant,
  known,
  map,
  name,
  number,
  requiredName,
  type Check,
  type TimeRange,
} from '../checks.js';
import { featureLimits, most, segmentLimits } from '../limits.js';
import { predictionFields, type PredictionField } from '../prediction-fields.js';
import { roles, roleWords } from '../role-words.js';

/** The code that checks a field, by the type of its column: an expression of its path and its value. */
type CheckCode = (path: string, value: string, field: PredictionField) => string;

const text: CheckCode = (path, value, { example, longest }) =>
  example === undefined
    ? `name(${path}, ${value}, ${longest})`
    : `requiredName(${path}, ${value}, ${longest}, '${example}')`;

const code: Readonly<Record<ColumnType, CheckCode>> = {
  text,
  unique: text,
  run: text,
  word: text,
  number: (path, value, { from }) => `number(${path}, ${value}, limits.${from})`,
  time: (path, value) => `instant(${path}, ${value}, range)`,
  role: (path, value) => `known(${path}, ${value}, roles, roleWords)`,
  segments: (path, value) => `map(${path}, ${value}, segmentLimits, label)`,
  features: (path, value, { from }) =>
    `map(${path}, ${value}, featureLimits, (field, feature) => hiddenNumber(field, feature, limits.${from}))`,
};

const limits = Object.fromEntries(predictionFields.map((field) => [field.from, field.limits]));
const label = (field: string, value: string): Check => name(field, value, most.name);
const checks = predictionFields.map((field) => code[field.type](`at + '.${field.json}'`, `value.${field.from}`, field));

/** @param at path of the prediction: `prediction`, or `outcome.prediction`. */
export const checkPrediction = compile(
  'check-prediction',
  {
    ...{ hiddenNumber, instant, known, map, name, number, requiredName },
    ...{ featureLimits, label, limits, roles, roleWords, segmentLimits },
  },
  `(at, value, range) => ${checks.join(' ?? ')}`,
) as (at: string, prediction: Prediction, range: TimeRange) => Check;
