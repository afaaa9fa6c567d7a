import { corrections, correctionNames, type Correction, type CorrectionName } from '../corrections.js';
import { anytimeSharesP } from '../sequential/share-mixture.js';
import { independenceTest, sharesTest } from '../tests/chi-square-test.js';
import type { TestResult } from '../tests/test-result.js';
import type { ArmFigures } from './arm-figures.js';
import { compare, type Comparison } from './comparison.js';
import { decide, type Decided } from './decision.js';
import type { Plan } from './plan.js';

export interface JudgedComparison extends Comparison, Decided {
  /** p values of the fixed tests, corrected for all comparisons that have one. */
  readonly adjusted: Readonly<Record<CorrectionName, number | null>>;
}

export interface Analysis {
  readonly health: {
    /** `null`: there are fewer than two arms with a share, or no units. */
    readonly srm: TestResult | null;
    /** The same at every look at once. */
    readonly anytimeSrmP: number | null;
    readonly isHealthy: boolean;
    /** Of each metric, in the plan's order: p of its outcome being known as often in every arm; `null`: it is known of all or none. */
    readonly missing: readonly (number | null)[];
    /** Arms that were to get nothing and did. */
    readonly unplanned: readonly string[];
  };
  readonly comparisons: readonly JudgedComparison[];
}

/**
 * Each treatment against control, metric by metric.
 *
 * @param arms control among them, in the order in which they appeared; those that were planned and have no units as well
 */
export function analyse(plan: Plan, arms: readonly ArmFigures[]): Analysis {
  const health = healthOf(plan, arms);
  const control = arms.find(({ arm }) => arm === plan.control);
  const treatments = arms.filter(({ arm }) => arm !== plan.control);
  const comparisons = treatments.flatMap((treatment) =>
    plan.metrics.flatMap((metric, i) => {
      const [mine, its] = [treatment.metrics[i], control?.metrics[i]];
      if (mine === undefined || its === undefined) return [];
      return [compare(plan, metric, its, mine, { control: plan.control, treatment: treatment.arm })];
    }),
  );
  const fixed = comparisons.map(({ fixed: { p } }) => p);
  const adjusted = correctionNames.map((name) => [name, correctKnown(corrections[name], fixed)] as const);
  const decisive = comparisons.map(({ fixed: { p }, anytime }) => (plan.tunedFor === null ? p : anytime.p));
  const corrected = plan.correction === 'none' ? decisive : correctKnown(corrections[plan.correction], decisive);
  return {
    health,
    comparisons: comparisons.map((comparison, i) => ({
      ...comparison,
      adjusted: Object.fromEntries(adjusted.map(([name, ps]) => [name, ps[i] ?? null])) as JudgedComparison['adjusted'],
      ...decide(comparison, corrected[i] ?? null, plan, illOf(plan, health, comparison)),
    })),
  };
}

function illOf(plan: Plan, health: Analysis['health'], { metric }: Comparison) {
  if (!health.isHealthy) return 'sample ratio';
  const missing = health.missing[plan.metrics.indexOf(metric)] ?? null;
  return missing !== null && missing < plan.srmAlpha ? 'missing outcomes' : null;
}

/** Whether a metric is known of as large a share of the units in every arm. */
function missingOf(arms: readonly ArmFigures[], metric: number): number | null {
  const rows = arms.map(({ units, metrics }) => {
    // Of quantiles of clusters there are more values than units.
    const known = Math.min(units, metrics[metric]?.estimate.samples ?? 0);
    return [known, units - known];
  });
  return independenceTest(rows)?.p ?? null;
}

function healthOf(plan: Plan, arms: readonly ArmFigures[]): Analysis['health'] {
  const weights = arms.map(({ arm }) => (plan.weights === null ? 1 : (plan.weights.get(arm) ?? 0)));
  const counts = arms.map(({ units }) => units);
  const srm = sharesTest(counts, weights);
  const planned = arms.map((_, i) => i).filter((i) => (weights[i] as number) > 0);
  const unplanned = arms.filter(({ units }, i) => weights[i] === 0 && units > 0).map(({ arm }) => arm);
  const anytimeSrmP =
    srm === null || unplanned.length > 0
      ? null
      : anytimeSharesP(
          planned.map((i) => counts[i] as number),
          planned.map((i) => weights[i] as number),
        );
  const missing = plan.metrics.map((_, i) => missingOf(arms, i));
  return { srm, anytimeSrmP, missing, unplanned, isHealthy: srm === null || srm.p >= plan.srmAlpha };
}

/** Comparisons without a p value are no tests, and do not count. */
function correctKnown(correction: Correction, pValues: readonly (number | null)[]): (number | null)[] {
  const known = correction(pValues.filter((p) => p !== null));
  let next = 0;
  return pValues.map((p) => (p === null ? null : (known[next++] ?? null)));
}
