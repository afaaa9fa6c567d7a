import type { ColumnType } from '@moola/contracts/columns/column';
import { compile } from '@moola/contracts/compile';
import type { Prediction } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  hiddenNumber,
  instant,
  invalid,
  known,
  map,
  name,
  number,
  requiredName,
  type Check,
  type TimeRange,
} from '../checks.js';
import { featureLimits, most, probabilityLimits, segmentLimits } from '../limits.js';
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
  probabilities: (path, value, { from }) =>
    `map(${path}, ${value}, probabilityLimits, (field, value) => number(field, value, limits.${from})) ?? togetherOne(${path}, ${value})`,
};

const limits = Object.fromEntries(predictionFields.map((field) => [field.from, field.limits]));
const label = (field: string, value: string): Check => name(field, value, most.name);
/** As far from 1 as sums of rounded probabilities come. */
const tolerance = 0.01;

function togetherOne(path: string, probabilities: Readonly<Record<string, number>>): Check {
  const values = Object.values(probabilities);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.length === 0 || Math.abs(sum - 1) <= tolerance) return null;
  return invalid(
    path,
    `come to ${Number(sum.toPrecision(6))}, not to 1: give those of all classes, or of the answer alone as the score`,
  );
}

const checks = predictionFields.map((field) => code[field.type](`at + '.${field.json}'`, `value.${field.from}`, field));

/** @param at path of the prediction: `prediction`, or `outcome.prediction`. */
export const checkPrediction = compile(
  'check-prediction',
  {
    ...{ hiddenNumber, instant, known, map, name, number, requiredName },
    ...{ featureLimits, label, limits, probabilityLimits, roles, roleWords, segmentLimits, togetherOne },
  },
  `(at, value, range) => ${checks.join(' ?? ')}`,
) as (at: string, prediction: Prediction, range: TimeRange) => Check;
