import { create } from '@bufbuild/protobuf';
import type { Budget } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetLineStateSchema, BudgetStateSchema, BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ModelState } from '../models/model-state.js';
import type { VersionRecord } from '../models/version-record.js';
import type { VersionState } from '../models/version-state.js';
import { figureOf } from '../snapshots/figure.js';
import type { Publisher } from '../snapshots/publisher.js';
import type { WatchedLine } from '../models/watched-model.js';
import { wireTask } from '@moola/contracts/definitions/task-types';
import { labels } from '@moola/metrics/accumulators/labels';
import { measure, metricsOf } from '@moola/metrics/catalogue';
import { basis } from '@moola/metrics/metric';
import type { TaskType } from '@moola/metrics/task-type';
import type { WindowView } from '../windows/window-view.js';
import {
  confirmationDueMs,
  judge,
  knownGoodAtMs,
  sameLines,
  verdictOf,
  type BudgetStanding,
  type Evidence,
} from './budget.js';

/** Judges the versions to which something happened or for which a confirmation is due, and publishes what changed. */
export function judgeVersions(model: ModelState, tickMs: number, publisher: Publisher): void {
  const budget = model.watched.definition.budget;
  if (!budget) return;
  for (const version of model.versionsByName()) {
    if (version.record.changed || confirmationDueMs(version.record.standing, budget) <= tickMs) {
      judgeVersion(model, version, budget, tickMs, publisher);
    }
  }
}

/** When a version is to be judged again though nothing happens to it. */
export function judgementDueMs(model: ModelState, version: VersionState): number {
  const budget = model.watched.definition.budget;
  return budget ? confirmationDueMs(version.record.standing, budget) : Infinity;
}

function judgeVersion(
  model: ModelState,
  version: VersionState,
  budget: Budget,
  tickMs: number,
  publisher: Publisher,
): void {
  const { record } = version;
  const view = version.view(model.watched.budgetWindowMs);
  const evidence: Evidence = {
    lines: verdictsOf(model, version, view),
    gates: gateVerdicts(model, version),
    labels: () => view.count(labels),
  };
  const before = record.standing;
  const { standing, confirmedNow } = judge(before, budget, evidence, tickMs);
  if (standing === before) return;
  if (confirmedNow) {
    takeBaseline(record, model.watched.task, view);
    version.conditions.stale(basis.both);
    version.verdicts.stale(basis.both);
  }
  record.standing = standing;
  version.unsaved = true;
  if (sameInPublic(before, standing) || (before.verdict === BudgetVerdict.UNSPECIFIED && saysNothing(standing))) return;
  publishBudget(model, version, tickMs, publisher);
}

/** What the version is compared with from now on: its figures over the budget's window. */
function takeBaseline(record: VersionRecord, task: TaskType, view: WindowView): void {
  record.baseline = {};
  record.baselineCounts = {};
  for (const metric of metricsOf(task)) {
    const { value } = metric.needsBaseline ? { value: undefined } : measure(metric, view);
    if (value === undefined) continue;
    record.baseline[metric.name] = value;
    if (metric.counts) record.baselineCounts[metric.name] = metric.counts(view);
  }
}

/** Publishes the budgets of versions that are new, that have begun or ceased to serve, and that have another definition. */
export function publishServing(model: ModelState, tickMs: number, publisher: Publisher): void {
  if (!model.watched.definition.budget) return;
  for (const version of model.versionsByName()) {
    if (version.record.publishedServing !== model.isServing(version)) publishBudget(model, version, tickMs, publisher);
  }
}

function publishBudget(model: ModelState, version: VersionState, tickMs: number, publisher: Publisher): void {
  const { record } = version;
  const { standing } = record;
  const { budgetWindowMs } = model.watched;
  record.publishedServing = model.isServing(version);
  version.unsaved = true;
  const value = create(BudgetStateSchema, {
    version: version.name,
    verdict: standing.verdict,
    knownGood: standing.knownGood,
    knownGoodAtMs: model.watched.definition.budget ? knownGoodAtMs(standing, model.watched.definition.budget) : 0,
    serving: record.publishedServing,
    undeclared: !model.watched.declared,
    task: wireTask(model.watched.task),
    windowMs: model.watched.budgetWindowMs,
    limits: record.publishedServing ? [...model.watched.ruleLimits] : [],
    lines: model.watched.budgetLines.map(({ line, metric, guards }, i) => {
      const part = version.part(line.segment);
      const view = part.view(budgetWindowMs);
      return create(BudgetLineStateSchema, {
        metric: line.metric,
        verdict: standing.lines[i]!,
        gate: line.gate,
        severity: line.severity,
        limit: line.limit,
        comparator: line.comparator,
        rules: [...guards],
        figure: figureOf(model, part, view, metric, measure(metric, view)),
        ...(line.segment && { segment: line.segment }),
      });
    }),
  });
  publisher.share(tickMs, { case: 'budget', value });
}

/** Verdicts of the budget's lines; only what something happened to is measured. */
function verdictsOf({ watched }: ModelState, version: VersionState, whole: WindowView): readonly BudgetVerdict[] {
  const { verdicts } = version;
  watched.budgetLines.forEach(({ line, metric }, i) => {
    if (!verdicts.isStale(i, metric.restsOn)) return;
    const view = line.segment === undefined ? whole : version.part(line.segment).view(watched.budgetWindowMs);
    const samples = metric.samples(view);
    verdicts.set(i, samples < line.minimumSamples ? BudgetVerdict.UNKNOWN : verdictOf(line, metric, view));
  });
  verdicts.refreshed();
  return verdicts.all();
}

/** A line that compares with a baseline which is not there yet does not hold the verdict up. */
function gateVerdicts(model: ModelState, { verdicts, record }: VersionState): readonly BudgetVerdict[] {
  return verdicts.all().filter((_, i) => {
    const { line, metric } = model.watched.budgetLines[i] as WatchedLine;
    return line.gate && !(metric.needsBaseline && record.baseline === null);
  });
}

function saysNothing({ verdict, lines }: BudgetStanding): boolean {
  return verdict === BudgetVerdict.UNKNOWN && lines.every((line) => line === BudgetVerdict.UNKNOWN);
}

function sameInPublic(a: BudgetStanding, b: BudgetStanding): boolean {
  // Once a version is known good, when its runs begin concerns nobody.
  const sameRun = b.knownGood || a.goodSinceMs === b.goodSinceMs;
  return a.verdict === b.verdict && a.knownGood === b.knownGood && sameRun && sameLines(a.lines, b.lines);
}
