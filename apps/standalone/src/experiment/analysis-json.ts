import type { Analysis, JudgedComparison } from '@moola/statistics/analysis/analyse';
import type { Plan } from '@moola/statistics/analysis/plan';
import { reasonOf } from './reason.js';
import type { ExperimentRows } from './read-experiment.js';

/** The report as programs read it. Where a figure cannot be computed, it is null. */
export function analysisJson(plan: Plan, { health, comparisons }: Analysis) {
  const { srm } = health;
  return {
    health: {
      srm:
        srm === null
          ? null
          : // A unit in an arm of 0 %: JSON has no infinity.
            { statistic: finite(srm.statistic), degreesOfFreedom: srm.degreesOfFreedom, p: srm.p },
    },
    comparisons: comparisons.map((comparison) => comparisonJson(plan, comparison)),
  };
}

/** What `--details` adds. */
export function detailsJson({ health, comparisons }: Analysis, rows: ExperimentRows) {
  return {
    isHealthy: health.isHealthy,
    anytimeSrmP: health.anytimeSrmP,
    missingOutcomesP: health.missing,
    unplannedArms: health.unplanned,
    unknownArms: rows.unknownArms,
    unitsInSeveralArms: rows.contaminated,
    hasClusters: rows.hasClusters,
    refusedRows: rows.refused.count,
    arms: rows.arms.map(({ arm, units }) => ({ arm, units })),
    comparisons: comparisons.map(({ metric, control, treatment, bayesian, varianceReduction, anytime }) => ({
      ...{ metric: metric.name, control, treatment, bayesian, varianceReduction },
      worst: metric.margin === null ? null : anytime.worst,
    })),
  };
}

function comparisonJson(plan: Plan, comparison: JudgedComparison) {
  const { metric, control, treatment, n, estimate, fixed, exact, anytime, adjusted, decision } = comparison;
  return {
    ...{ metric: metric.name, type: metric.type, control, treatment, n, estimate, fixed, exact },
    anytime:
      plan.tunedFor === null
        ? null
        : {
            method: 'asymptotic-confidence-sequence',
            tunedFor: plan.tunedFor,
            p: anytime.p,
            interval: anytime.interval,
            relativeInterval: anytime.relativeInterval,
          },
    ...{ adjusted, decision, reason: reasonOf(plan, comparison) },
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
