import { readFileSync } from 'node:fs';
import { fieldNamesAt } from '@moola/contracts/definitions/fields-of';
import { nearest } from '@moola/contracts/definitions/nearest';
import { pathText } from '@moola/contracts/definitions/problems';
import { metricTypes, planDefaults, type MetricPlan, type Plan } from '@moola/statistics/analysis/plan';
import { correctionNames } from '@moola/statistics/corrections';
import { parse } from 'yaml';
import { z } from 'zod';

/** A metric, and where its figures stand in the file. */
export interface MetricColumns {
  readonly column: string;
  /** Of a ratio. */
  readonly denominator: string | null;
  /** Of a quantile, such as 0.95. */
  readonly level: number;
  /** A number of the unit from before the experiment. */
  readonly covariate: string | null;
}

export interface ExperimentConfig {
  readonly plan: Plan;
  /** In the order of the plan's metrics. */
  readonly columns: readonly MetricColumns[];
  readonly armColumn: string;
  readonly unitColumn: string | null;
}

export type ConfigReading =
  | { readonly ok: true; readonly config: ExperimentConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

const name = z.string().min(1).max(200);
/** Arms are often numbers: YAML reads them as such without quotes. */
const armName = z.preprocess((given) => (typeof given === 'number' ? String(given) : given), name);
const share = z.number().gt(0).lt(1);
const metricSchema = z.strictObject({
  name,
  column: name.optional(),
  type: z.enum(metricTypes),
  denominator: name.optional(),
  quantile: share.optional(),
  covariate: name.optional(),
  better: z.enum(['higher', 'lower']).default('higher'),
  minEffect: z.number().min(0).optional(),
  guardrail: z.strictObject({ margin: z.number().min(0) }).optional(),
});
const schema = z.strictObject({
  control: armName,
  metrics: z.array(metricSchema).min(1).max(1000),
  alpha: z.number().gt(0).max(0.5).default(planDefaults.alpha),
  correction: z.enum(['none', ...correctionNames]).default(planDefaults.correction),
  sequential: z
    .union([z.literal(false), z.strictObject({ tunedFor: z.number().min(1).max(1e12).default(planDefaults.tunedFor) })])
    .default({ tunedFor: planDefaults.tunedFor }),
  weights: z.record(name, z.number().min(0).max(1e12)).optional(),
  arm: name.default('arm'),
  unit: name.optional(),
  srmAlpha: share.default(planDefaults.srmAlpha),
  minUnits: z.number().int().min(2).max(1e9).default(planDefaults.minUnits),
});

/** Reads how an experiment is to be analysed. */
export function readConfig(path: string): ConfigReading {
  let given: unknown;
  try {
    given = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { ok: false, problems: [`${path}: is no YAML: ${String((error as Error).message).split('\n')[0]}`] };
  }
  const reading = schema.safeParse(given);
  if (!reading.success) return { ok: false, problems: reading.error.issues.flatMap((issue) => saidOf(path, issue)) };
  const { data } = reading;
  const problems = contradictions(data).map((problem) => `${path}: ${problem}`);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config: {
      plan: {
        control: data.control,
        metrics: data.metrics.map(metricPlan),
        alpha: data.alpha,
        correction: data.correction,
        tunedFor: data.sequential === false ? null : data.sequential.tunedFor,
        weights: data.weights === undefined ? null : new Map(Object.entries(data.weights)),
        srmAlpha: data.srmAlpha,
        minUnits: data.minUnits,
      },
      columns: data.metrics.map(({ name: metric, column, denominator, quantile, covariate }) => ({
        column: column ?? metric,
        denominator: denominator ?? null,
        level: quantile ?? 0.5,
        covariate: covariate ?? null,
      })),
      armColumn: data.arm,
      unitColumn: data.unit ?? null,
    },
  };
}

type Given = z.infer<typeof schema>;

const metricPlan = ({ name: metric, type, better, minEffect, guardrail }: Given['metrics'][number]): MetricPlan => ({
  name: metric,
  type,
  better,
  minEffect: minEffect ?? null,
  margin: guardrail?.margin ?? null,
});

/** What is well formed and cannot be meant. */
function contradictions({ metrics, weights, control }: Given): string[] {
  const problems: string[] = [];
  const names = metrics.map((metric) => metric.name);
  for (const twice of new Set(names.filter((each, i) => names.indexOf(each) !== i)))
    problems.push(`metrics: "${twice}" stands twice: give each a name of its own`);
  for (const { name: metric, type, denominator, quantile, covariate } of metrics) {
    if (type === 'ratio' && denominator === undefined)
      problems.push(`metrics: "${metric}" is a ratio and needs a denominator: the column of what it is divided by`);
    if (type !== 'ratio' && denominator !== undefined)
      problems.push(`metrics: "${metric}" has a denominator and is no ratio: say type: ratio, or leave it out`);
    if (type === 'quantile' && quantile === undefined)
      problems.push(`metrics: "${metric}" needs a quantile, such as 0.95`);
    if (type !== 'quantile' && quantile !== undefined)
      problems.push(`metrics: "${metric}" has a quantile and is none: say type: quantile, or leave it out`);
    if (type !== 'mean' && covariate !== undefined)
      problems.push(`metrics: "${metric}" has a covariate, which only a mean can have`);
  }
  if (weights === undefined) return problems;
  if (!(control in weights)) problems.push(`weights: control "${control}" is missing`);
  if (Object.values(weights).filter((weight) => weight > 0).length < 2)
    problems.push('weights: at least two arms need a weight above 0');
  return problems;
}

/** Which key, what is wrong, what to do. */
function saidOf(path: string, issue: z.core.$ZodIssue): string[] {
  const where = issue.path.length === 0 ? '' : `${pathText(issue.path)}: `;
  if (issue.code === 'unrecognized_keys') {
    const known = fieldNamesAt(schema, issue.path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      return `${path}: ${where}there is no "${key}"${near === null ? `; there are ${known.join(', ')}` : `: did you mean ${near}?`}`;
    });
  }
  return [`${path}: ${where}${sentenceOf(issue)}`];
}

/** What is wrong with a value, and what may stand there. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('undefined')
        ? `is missing: ${kinds[issue.expected] ?? issue.expected} is needed`
        : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'string') return 'is empty: give one at least';
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'array' || issue.origin === 'string') return `is too long: at most ${issue.maximum}`;
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return 'must be { tunedFor: units }, or false';
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'keys with values',
  record: 'arms with numbers, such as { control: 1, treatment: 1 }',
};
