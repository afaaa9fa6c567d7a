import {
  Comparator,
  Compare,
  type BudgetLine,
  type Definition,
  type MeasurementLimit,
  type ModelDefinition,
  type RuleDefinition,
} from '../gen/moola/v1/definitions_pb.js';
import { formatDuration } from './durations.js';
import { metricFacts, metricNamed, metricsOf, subjectMetricNamed } from '@moola/metrics/catalogue';
import { hasBounds } from '@moola/metrics/metric';
import { longestWindowMs, type SubjectMetric, type SubjectName } from '@moola/metrics/subject-metric';
import { checkUnless } from './check-unless.js';
import { comparesBaseline } from './compares.js';
import { sameSegment, tellsApart } from './segments.js';
import { watchesModel } from './match.js';
import { taskOf } from './task-types.js';
import { nearest } from './nearest.js';

/** The longest window, in buckets of its model: 24 hours of 5 seconds. */
export const mostBucketsPerWindow = 17_280;

/** What is wrong with a definition in the light of others. */
export interface CrossProblem {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

/** What a definition may refer to. */
export interface Declared {
  /** Every model that is declared, here or before. */
  readonly models: ReadonlyMap<string, ModelDefinition>;
  /** Documents with problems of their own, such as `Model Fraud`: referring to one is no second problem. */
  readonly broken: ReadonlySet<string>;
  /** Every rule that is declared, here or before. */
  readonly rules: ReadonlyMap<string, RuleDefinition>;
}

export function crossCheck(definition: Definition, known: Declared): CrossProblem[] {
  const { kind, name } = definition;
  switch (kind.case) {
    case 'model':
      return checkModel(kind.value);
    case 'rule':
      return [
        ...declared(kind.value.model, ['model'], known),
        ...checkRule(kind.value, known.models),
        ...checkUnless(name, kind.value, known),
      ];
    case 'value':
      return declared(name, ['name'], known);
    case 'playbook':
      return name === 'default' ? [] : declared(name, ['name'], known);
    case 'route':
    case 'infrastructure':
      return declared(kind.value.model, ['model'], known);
    case 'deletion':
    case undefined:
      return [];
  }
}

function declared(model: string, path: readonly PropertyKey[], { models, broken }: Declared): CrossProblem[] {
  if (model === '' || models.has(model) || broken.has(`Model ${model}`)) return [];
  const meant = nearest(model, [...models.keys()]);
  const hint =
    meant === null
      ? `add a document "kind: Model" with "name: ${model}", or name its file too`
      : `did you mean ${meant}?`;
  return [{ path, detail: `"${model}" is no declared model (${hint})` }];
}

function checkModel(model: ModelDefinition): CrossProblem[] {
  const lines = model.budget?.lines ?? [];
  return [
    ...checkWindow(model.budget?.windowMs ?? 0, ['budget', 'window'], model.bucketMs, 'the bucket'),
    ...lines.flatMap((line, i) => [
      ...checkTask(line.metric, model, ['budget', 'lines', i]),
      ...checkLine(line, lines.slice(0, i), ['budget', 'lines', i]),
    ]),
    ...(model.budget?.measurements ?? []).flatMap((limit, i, all) =>
      checkMeasurement(limit, all.slice(0, i), ['budget', 'measurements', i]),
    ),
  ];
}

function checkMeasurement(
  { name, metric, comparator, limit, windowMs }: MeasurementLimit,
  before: readonly MeasurementLimit[],
  path: readonly PropertyKey[],
): CrossProblem[] {
  const first = before.findIndex(
    (other) =>
      other.name === name &&
      other.metric === metric &&
      other.comparator === comparator &&
      other.limit === limit &&
      other.windowMs === windowMs,
  );
  return [
    ...checkLimit(metric, comparator, limit, path),
    ...checkLongest(windowMs, 'measurement', path),
    ...(first < 0 ? [] : [{ path, detail: `says the same as measurements[${first}]: leave one of them out` }]),
  ];
}

function checkLine(line: BudgetLine, before: readonly BudgetLine[], path: readonly PropertyKey[]): CrossProblem[] {
  const { metric, comparator, limit } = line;
  const first = before.findIndex(
    (other) =>
      other.metric === metric &&
      other.comparator === comparator &&
      other.limit === limit &&
      sameSegment(other.segment, line.segment),
  );
  return [
    ...checkLimits({ metric, comparator, limit, levels: line.alert?.levels ?? [] }, path),
    ...checkSegment(line, path),
    ...checkSide(metric, comparator, limit, path),
    ...(line.alert?.compare === Compare.BOUND ? checkBound(metric, path) : []),
    ...(first < 0 ? [] : [{ path, detail: `says the same as lines[${first}]: leave one of them out` }]),
  ];
}

/** A metric that models of the task do not have would never have a value. */
function checkTask(name: string, model: ModelDefinition, path: readonly PropertyKey[]): CrossProblem[] {
  const task = taskOf(model.task);
  const metric = metricNamed(name);
  if (metric === undefined || metric.tasks.includes(task)) return [];
  const others = metricsOf(task).map((each) => each.name);
  const detail = `${name} is a metric of ${metric.tasks.join(' and ')} models, this one is ${task}: it has ${others.join(', ')}`;
  return [{ path: [...path, 'metric'], detail }];
}

/** What a version was like when it was known good is remembered of its whole traffic alone. */
function checkSegment(of: BudgetLine | RuleDefinition, path: readonly PropertyKey[]): CrossProblem[] {
  const byPattern = 'match' in of && of.match?.segment !== undefined;
  if (of.segment === undefined && !byPattern) return [];
  const at = [...path, ...(byPattern ? ['match'] : []), 'segment'];
  const toBaseline = 'compare' in of && comparesBaseline(of.compare);
  if (!toBaseline && metricNamed(of.metric)?.needsBaseline !== true) return [];
  const detail = `a segment has no baseline to compare with: use a limit of its own, or leave segment out`;
  return [{ path: at, detail }];
}

/** A rule by pattern on a label whose values no model of its tells apart would never find a segment. */
function checkWatched(
  { match }: RuleDefinition,
  watched: readonly (readonly [string, ModelDefinition])[],
): CrossProblem[] {
  const key = match?.segment?.key;
  if (key === undefined || watched.length === 0) return [];
  if (watched.some(([, { segments }]) => tellsApart(segments, key))) return [];
  const [[name, { segments }]] = watched as [readonly [string, ModelDefinition]];
  const keys = segments?.keys ?? [];
  const meant = nearest(key, keys);
  const detail =
    segments?.most === 0
      ? `finds no segment: ${name} tells none apart (segments.most: 0)`
      : `"${key}" is no label that ${name} watches: its segments.keys are ${keys.join(', ')} (${meant === null ? 'add it there' : `did you mean ${meant}?`})`;
  return [{ path: ['match', 'segment'], detail }];
}

function checkBound(metric: string, path: readonly PropertyKey[]): CrossProblem[] {
  if (hasBounds(metricNamed(metric))) return [];
  const detail = `bound needs an interval, which ${metric} has not (accuracy, precision and recall have; use figure)`;
  return [{ path: [...path, 'compare'], detail }];
}

/** A rule on jobs, instances or measurements. */
function checkSubjectRule(rule: RuleDefinition, { name, subject, ofWindow }: SubjectMetric): CrossProblem[] {
  const problems: CrossProblem[] = [];
  if (rule.compare !== Compare.FIGURE) {
    const detail = `${name} has neither a bound nor a baseline to compare with: use figure`;
    problems.push({ path: ['compare'], detail });
  }
  problems.push(...checkLongest(rule.windowMs, subject, []), ...checkMeasurementMatch(rule));
  if (rule.windowMs > 0 && !ofWindow) {
    problems.push({ path: ['window'], detail: `has no effect: ${name} is read at an instant (leave it out)` });
  }
  const noSegments = `has no effect: ${subject}s have no segments (leave it out)`;
  if (rule.segment !== undefined) problems.push({ path: ['segment'], detail: noSegments });
  if (rule.match?.segment !== undefined) problems.push({ path: ['match', 'segment'], detail: noSegments });
  return [...problems, ...checkLimits(rule, [])];
}

function checkLongest(windowMs: number, subject: SubjectName, path: readonly PropertyKey[]): CrossProblem[] {
  const longestMs = longestWindowMs[subject];
  if (windowMs <= longestMs) return [];
  const detail = `${formatDuration(windowMs)} is longer than metrics of ${subject}s are kept, ${formatDuration(longestMs)}`;
  return [{ path: [...path, 'window'], detail }];
}

/** One limit for values of different units is a slip; other metrics are of no measurement. */
function checkMeasurementMatch({ metric, match, onMissing }: RuleDefinition): CrossProblem[] {
  const facts = subjectMetricNamed(metric);
  const isNamed = (match?.measurement ?? []).length > 0;
  if (facts?.subject !== 'measurement')
    return isNamed
      ? [{ path: ['match', 'measurement'], detail: `has no effect: ${metric} is of no measurement (leave it out)` }]
      : [];
  if (isNamed || facts.unit !== 'value' || onMissing) return [];
  const detail = `is missing: ${metric} has one limit for every measurement of the model (try match: { measurement: revenue }; "*" for all)`;
  return [{ path: ['match', 'measurement'], detail }];
}

/** The limit of a rule or a line, or those of its levels. */
function checkLimits(
  { metric, comparator, limit, levels }: Pick<RuleDefinition, 'metric' | 'comparator' | 'limit' | 'levels'>,
  path: readonly PropertyKey[],
): CrossProblem[] {
  if (levels.length === 0) return checkLimit(metric, comparator, limit, path);
  return levels.flatMap((level, i) => checkLimit(metric, comparator, level.limit, [...path, 'levels', i]));
}

function checkRule(rule: RuleDefinition, models: ReadonlyMap<string, ModelDefinition>): CrossProblem[] {
  const ofSubject = subjectMetricNamed(rule.metric);
  if (ofSubject !== undefined) return checkSubjectRule(rule, ofSubject);
  const watched = [...models].filter(([name]) => watchesModel(rule, name));
  const problems = watched.flatMap(([name, model]) =>
    checkWindow(rule.windowMs, ['window'], model.bucketMs, `the bucket of ${name}`),
  );
  const named = models.get(rule.model);
  if (named !== undefined) problems.push(...checkTask(rule.metric, named, []));
  if (rule.compare === Compare.BOUND) problems.push(...checkBound(rule.metric, []));
  problems.push(...checkSegment(rule, []), ...checkMeasurementMatch(rule), ...checkWatched(rule, watched));
  const bare = rule.compare === Compare.FIGURE || rule.compare === Compare.BOUND;
  return bare ? [...problems, ...checkLimits(rule, [])] : problems;
}

function checkWindow(windowMs: number, path: readonly PropertyKey[], bucketMs: number, bucket: string): CrossProblem[] {
  const length = formatDuration(bucketMs);
  if (windowMs % bucketMs !== 0) {
    const nearby = Math.max(1, Math.round(windowMs / bucketMs)) * bucketMs;
    const right = `try "${formatDuration(nearby)}"`;
    return [{ path, detail: `${formatDuration(windowMs)} is no multiple of ${bucket}, ${length} (${right})` }];
  }
  if (windowMs / bucketMs > mostBucketsPerWindow) {
    const most = formatDuration(bucketMs * mostBucketsPerWindow);
    const detail = `${formatDuration(windowMs)} is longer than the ring of buckets: with ${bucket}, ${length}, at most ${most}`;
    return [{ path, detail }];
  }
  return [];
}

/** A budget line that is out while its metric is good is a slip; a rule may watch the other side as well. */
function checkSide(
  metric: string,
  comparator: Comparator,
  limit: number,
  path: readonly PropertyKey[],
): CrossProblem[] {
  const worse = metricNamed(metric)?.worse ?? null;
  if (worse === null || comparator === Comparator.UNSPECIFIED) return [];
  const field = comparator === Comparator.BELOW ? 'below' : 'above';
  if (field === worse) return [];
  const grows = worse === 'above' ? 'higher' : 'lower';
  const detail = `${metric} is worse the ${grows} it is: write "${worse}: ${limit}" (a Rule may watch the other side)`;
  return [{ path: [...path, field], detail }];
}

/** A limit that no figure can break, or that every figure breaks, is a slip (80 for 0.80). */
function checkLimit(
  metric: string,
  comparator: Comparator,
  limit: number,
  path: readonly PropertyKey[],
): CrossProblem[] {
  if (comparator === Comparator.UNSPECIFIED) return [];
  const field = comparator === Comparator.BELOW ? 'below' : 'above';
  const at = [...path, field];
  if (limit < 0 && !metricFacts(metric)?.signed)
    return [{ path: at, detail: `${limit} is negative, ${metric} never is` }];
  if (!metricFacts(metric)?.ratio || limit <= 1) return [];
  const meant = limit <= 100 ? ` (try ${limit / 100})` : '';
  return [{ path: at, detail: `${limit} is not a ratio, ${metric} lies between 0 and 1${meant}` }];
}
