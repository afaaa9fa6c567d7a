import type { Bounds, Comparison } from './comparison.js';
import type { Plan } from './plan.js';

export const decisions = ['ship', 'roll back', 'neutral', 'running', 'review', 'unhealthy', 'no data'] as const;
export type Decision = (typeof decisions)[number];

/** Why it was decided so. */
export type Because =
  | 'sample ratio'
  | 'missing outcomes'
  | 'no units'
  | 'too few units'
  | 'no variance'
  | 'better'
  | 'worse'
  | 'better by less than matters'
  | 'worse by less than matters'
  | 'within what matters'
  | 'within the margin'
  | 'beyond the margin'
  | 'not yet';

export interface Decided {
  readonly decision: Decision;
  readonly because: Because;
}

/** The interval that decides: the one of one look where the plan has no sequence. */
export const decisiveInterval = (plan: Plan, { fixed, anytime }: Comparison): Bounds | null =>
  plan.tunedFor === null ? fixed.interval : anytime.interval;

/**
 * What a comparison lets one do. It rests on the always-valid interval, so that it holds however often one looks; with `tunedFor: null`
 * on the fixed one, which holds for one look.
 *
 * @param p of the comparison, corrected for there being several
 * @param ill why nothing may be decided; `null`: the experiment is healthy
 */
export function decide(
  comparison: Comparison,
  p: number | null,
  plan: Plan,
  ill: 'sample ratio' | 'missing outcomes' | null,
): Decided {
  const { n, metric, estimate } = comparison;
  const least = Math.min(n.control, n.treatment);
  if (least === 0) return { decision: 'no data', because: 'no units' };
  if (ill !== null) return { decision: 'unhealthy', because: ill };
  const interval = decisiveInterval(plan, comparison);
  if (interval === null || p === null || estimate.absolute === null)
    return least < 2
      ? { decision: 'running', because: 'too few units' }
      : { decision: 'running', because: 'no variance' };
  if (least < plan.minUnits) return { decision: 'running', because: 'too few units' };
  const sign = metric.better === 'higher' ? 1 : -1;
  if (metric.margin !== null) return decideGuardrail(comparison, plan, interval, sign, metric.margin);
  const isSure = p <= plan.alpha;
  const matters = metric.minEffect ?? 0;
  const isWithin = metric.minEffect !== null && interval[0] >= -matters && interval[1] <= matters;
  if (isSure && sign * estimate.absolute > 0) {
    if (isWithin) return { decision: 'neutral', because: 'better by less than matters' };
    return { decision: 'ship', because: 'better' };
  }
  if (isSure) {
    if (isWithin) return { decision: 'review', because: 'worse by less than matters' };
    return { decision: 'roll back', because: 'worse' };
  }
  if (isWithin) return { decision: 'neutral', because: 'within what matters' };
  return { decision: 'running', because: 'not yet' };
}

/** A guardrail holds when treatment is surely not worse by its margin, and is broken when it surely is worse. */
function decideGuardrail(comparison: Comparison, plan: Plan, interval: Bounds, sign: number, margin: number): Decided {
  const ends = interval.map((end) => sign * end);
  const [worst, best] = [Math.min(...ends), Math.max(...ends)];
  if (best < 0) return { decision: 'roll back', because: 'beyond the margin' };
  const bound = plan.tunedFor === null ? worst : (comparison.anytime.worst ?? NaN);
  if (bound > -margin) return { decision: 'neutral', because: 'within the margin' };
  return { decision: 'running', because: 'not yet' };
}
