import { create } from '@bufbuild/protobuf';
import type { Budget } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetLineStateSchema, BudgetStateSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ModelState } from '../models/model-state.js';
import type { VersionState } from '../models/version-state.js';
import { figureOf } from '../snapshots/figure.js';
import type { Publisher } from '../snapshots/publisher.js';
import type { WatchedLine } from '../models/watched-model.js';
import { trackerMetrics } from '../windows/figures.js';
import { confirmationDueMs, judge, type BudgetStanding, type JudgedLine } from './budget.js';

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
  const lines = model.watched.budgetLines.map(({ line, metric }): JudgedLine & WatchedLine => {
    const awaitsBaseline = metric.needsBaseline === true && record.baseline === null;
    return { line, metric, measured: metric.measure(view), awaitsBaseline };
  });
  const labels = view.labels.closed.labels + view.labels.open.labels;
  const { standing, confirmedNow } = judge(record.standing, budget, lines, labels, tickMs);
  if (confirmedNow) {
    const figures = trackerMetrics
      .filter((metric) => !metric.needsBaseline)
      .flatMap((metric) => {
        const { value } = metric.measure(view);
        return value === undefined ? [] : [[metric.name, value] as const];
      });
    record.baseline = Object.fromEntries(figures);
  }
  const before = record.standing;
  // An equal one is not put in its place: with many versions the garbage of every tick would outlive it.
  if (!same(before, standing)) record.standing = standing;
  version.unsaved = true;
  const serving = model.record.serving?.version === version.name;
  if (sameInPublic(before, standing) && record.publishedServing === serving) return;
  record.publishedServing = serving;
  const value = create(BudgetStateSchema, {
    version: version.name,
    verdict: standing.verdict,
    knownGood: standing.knownGood,
    serving,
    undeclared: !model.watched.declared,
    windowMs: model.watched.budgetWindowMs,
    lines: lines.map(({ line, metric, measured }, i) =>
      create(BudgetLineStateSchema, {
        metric: line.metric,
        verdict: standing.lines[i]!,
        gate: line.gate,
        severity: line.severity,
        limit: line.limit,
        figure: figureOf(model, version, model.watched.budgetWindowMs, metric, measured),
      }),
    ),
  });
  publisher.share(tickMs, { case: 'budget', value });
}

function same(a: BudgetStanding, b: BudgetStanding): boolean {
  return sameInPublic(a, b) && a.goodSinceMs === b.goodSinceMs && a.confirmed === b.confirmed;
}

function sameInPublic(a: BudgetStanding, b: BudgetStanding): boolean {
  return (
    a.verdict === b.verdict &&
    a.knownGood === b.knownGood &&
    a.lines.length === b.lines.length &&
    a.lines.every((verdict, i) => verdict === b.lines[i])
  );
}
