import { sameSegment } from '@moola/contracts/definitions/segments';
import { judgesWhatServes } from '@moola/contracts/definitions/match';
import { create } from '@bufbuild/protobuf';
import { undeclaredModel } from '@moola/contracts/definitions/defaults';
import {
  ModelDefinitionSchema,
  type BudgetLine,
  type ModelDefinition,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { RuleLimits } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { taskOf } from '@moola/contracts/definitions/task-types';
import { budgetRules } from '@moola/rules/budget-rules';
import { defaultRules } from '@moola/rules/default-rules';
import { inhibitorsFirst } from '@moola/rules/inhibitors';
import { normalQuantile } from '@moola/statistics/normal';
import { placesOf, planTiers } from '@moola/windows/tiers';
import { metricNamed, metricsOf, subjectMetricNamed } from '@moola/metrics/catalogue';
import { basis, type Metric } from '@moola/metrics/metric';
import type { TaskType } from '@moola/metrics/task-type';
import { ruleLimits } from '../rules/rule-limits.js';
import type { SegmentName } from '../segments/segment-names.js';
import { watchSegments, type WatchedSegments } from '../segments/watched-segments.js';
import type { WindowPlan } from '../windows/window-store.js';

export interface WatchedRule {
  /** The alert's name. */
  readonly name: string;
  readonly definition: RuleDefinition;
  readonly metric: Metric;
  /** Φ⁻¹ of its confidence. */
  readonly z: number;
  /** Its metric is one that the budget gates; of a line's own rule, the line is a gate. */
  readonly gate: boolean;
  /** The alerts that hold its own back, by their names. */
  readonly unless: readonly string[];
  /** Of a rule that was derived from one on segments by pattern. */
  readonly derived?: DerivedFrom;
}

/** What a rule on one segment comes of. */
export interface DerivedFrom {
  /** The rule by pattern. */
  readonly rule: string;
  readonly segment: SegmentName;
  /** So many of the alerts that come of it fire on one version at a time. */
  readonly mostAlerts: number;
}

export interface WatchedLine {
  readonly line: BudgetLine;
  readonly metric: Metric;
  /** The rules that alert when it is out, by name. */
  readonly guards: readonly string[];
}

/** What a model that nobody declared is taken for: its first answer tells classes from numbers. */
export type UndeclaredTask = 'binary' | 'regression';

/** How a model is watched: its definition with everything that follows from it. */
export interface WatchedModel {
  /** False: nobody declared the model, the defaults apply, nobody is paged. */
  readonly declared: boolean;
  readonly definition: ModelDefinition;
  readonly task: TaskType;
  readonly budgetWindowMs: number;
  readonly budgetLines: readonly WatchedLine[];
  /** By name, but those that hold others back before these; those that the budget's lines are themselves among them. */
  readonly rules: readonly WatchedRule[];
  readonly ruleNames: ReadonlySet<string>;
  /** The metrics that rules are on, in the catalogue's order. */
  readonly ruleMetrics: readonly Metric[];
  /** Any of them is on segments by pattern: which rules these come to, the segments of the model decide. See `derivedRules`. */
  readonly hasPatterns: boolean;
  /** What a chart of the version that serves shows of them. */
  readonly ruleLimits: readonly RuleLimits[];
  /** Every rule judges the version that serves, and no other: nearly always. */
  readonly judgesWhatServes: boolean;
  /** Every window that a snapshot shows, by length: those of every model that are no shorter than its bucket, and its own. */
  readonly windowsMs: readonly number[];
  readonly plan: WindowPlan;
  readonly segments: WatchedSegments;
}

function defaultModelOf(task: TaskType): ModelDefinition {
  const { kind } = undeclaredModel('', task);
  return kind.case === 'model' ? kind.value : create(ModelDefinitionSchema);
}

const defaultModel = defaultModelOf('binary');

/**
 * @param definition `undefined` when nobody declared the model: then the default rules apply beside `rules`.
 * @param rules those that name the model or all models, by alert name; the budget's own are added
 * @param windowsMs windows that every model has
 * @param undeclared what a model that nobody declared answers
 */
export function watchModel(
  definition: ModelDefinition | undefined,
  rules: ReadonlyMap<string, RuleDefinition>,
  windowsMs: readonly number[],
  undeclared: UndeclaredTask = 'binary',
): WatchedModel {
  const model = definition ?? (undeclared === 'binary' ? defaultModel : defaultModelOf(undeclared));
  const task = taskOf(model.task);
  const ofVersions = [...rules].filter(([, rule]) => isOfVersions(rule));
  const effective = new Map([...(definition ? [] : defaultRules), ...ofVersions]);
  const lines = model.budget?.lines ?? [];
  const gates = lines.filter((line) => line.gate);
  const { own, guards } = budgetRules(model.budget, effective);
  const watchedRules = [
    ...[...effective].map(([name, rule]) => watchRule(name, rule, task, isGate(rule, gates))),
    ...[...own]
      .filter(([, { definition: rule }]) => isOfVersions(rule))
      .map(([name, { definition: rule, gate }]) => watchRule(name, rule, task, gate)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const inOrder = inhibitorsFirst(watchedRules, ({ definition: { unless } }) => unless);
  const bucketMs = model.bucketMs > 0 ? model.bucketMs : defaultModel.bucketMs;
  const budgetWindowMs = model.budget?.windowMs || 60 * bucketMs;
  const common = windowsMs.filter((window) => window >= bucketMs);
  const all = [...common, budgetWindowMs, ...watchedRules.map((rule) => rule.definition.windowMs)];
  const windows = [...new Set(all)].sort((a, b) => a - b);
  const tiers = planTiers(bucketMs, windows);
  return {
    declared: definition !== undefined,
    definition: model.bucketMs === bucketMs ? model : { ...model, bucketMs },
    task,
    budgetWindowMs,
    budgetLines: lines.map((line, i) => ({ line, metric: metricOf(line.metric, task), guards: guards[i] ?? [] })),
    rules: inOrder,
    judgesWhatServes: inOrder.every(({ definition: rule }) => judgesWhatServes(rule)),
    ruleNames: new Set(watchedRules.map(({ name }) => name)),
    ruleMetrics: metricsOf(task).filter((metric) => watchedRules.some((rule) => rule.metric === metric)),
    hasPatterns: inOrder.some(({ definition: rule }) => rule.match?.segment !== undefined),
    ruleLimits: ruleLimits(inOrder, task),
    windowsMs: windows,
    plan: { task, tiers, places: placesOf(tiers) },
    segments: watchSegments(
      { ...model, bucketMs },
      task,
      budgetWindowMs,
      lines,
      watchedRules.map((rule) => rule.definition),
    ),
  };
}

/** Others are on jobs, instances or measurements: `watchSubjects`. */
function isOfVersions({ metric }: RuleDefinition): boolean {
  return subjectMetricNamed(metric) === undefined;
}

/** Whether the budget gates what the rule watches. */
export function isGate({ metric, segment, match, onMissing }: RuleDefinition, gates: readonly BudgetLine[]): boolean {
  if (match?.segment !== undefined && segment === undefined) return false;
  return !onMissing && gates.some((line) => line.metric === metric && sameSegment(line.segment, segment));
}

function watchRule(name: string, definition: RuleDefinition, task: TaskType, gate: boolean): WatchedRule {
  return {
    name,
    definition,
    metric: metricOf(definition.metric, task),
    z: normalQuantile(definition.confidence),
    gate,
    unless: definition.unless,
  };
}

/** A metric that models of the task do not have has no value and no samples. */
function metricOf(name: string, task: TaskType): Metric {
  const metric = metricNamed(name);
  if (metric?.tasks.includes(task)) return metric;
  return {
    ...{ name, title: name, meaning: '', unit: 'index', shownAs: 'number', ratio: false, worse: null, tasks: [task] },
    ...{ restsOn: basis.both, minimumSamples: 1, samples: () => 0, measure: () => ({ value: undefined, samples: 0 }) },
  };
}
