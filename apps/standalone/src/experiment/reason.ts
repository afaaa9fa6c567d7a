import { decisiveInterval } from '@moola/statistics/analysis/decision';
import type { JudgedComparison } from '@moola/statistics/analysis/analyse';
import type { Plan } from '@moola/statistics/analysis/plan';

/** Why it was decided so, in a sentence. */
export function reasonOf(plan: Plan, comparison: JudgedComparison): string {
  const { metric, treatment, control, because, n, estimate } = comparison;
  const interval = decisiveInterval(plan, comparison);
  const looks = plan.tunedFor === null ? 'at one look' : 'however often one looks';
  const between = interval === null ? '' : `${signed(interval[0])} to ${signed(interval[1])}`;
  const among = interval === null ? '' : `${signed(interval[0])} and ${signed(interval[1])}`;
  const by = estimate.absolute === null ? '' : signed(estimate.absolute);
  const named = `${treatment} − ${control} of ${metric.name}`;
  switch (because) {
    case 'sample ratio':
      return `Units did not come to the arms as planned (sample ratio p < ${plan.srmAlpha}): what differs may be who was assigned, not what was done. Find out why before anything else.`;
    case 'missing outcomes':
      return `${metric.name} is known of another share of the units in one arm than in another (p < ${plan.srmAlpha}): those that are known are not alike. Find out why before anything else.`;
    case 'no units':
      return `${n.control === 0 ? control : treatment} has no unit with ${metric.name}.`;
    case 'too few units':
      return `${Math.min(n.control, n.treatment)} units in the smaller arm; nothing is decided below ${Math.max(plan.minUnits, 2)}.`;
    case 'no variance':
      return `${metric.name} does not vary in either arm, or its variance cannot be told: there is nothing to tell a difference by.`;
    case 'better':
      return `${named} is ${by} (${between}): better, ${looks}.`;
    case 'worse':
      return `${named} is ${by} (${between}): worse, ${looks}.`;
    case 'better by less than matters':
      return `${named} is ${by} (${between}): better, and by less than ${metric.minEffect}, which would matter.`;
    case 'worse by less than matters':
      return `${named} is ${by} (${between}): worse, but by less than ${metric.minEffect}, which would matter. A person should weigh it.`;
    case 'within what matters':
      return `${named} lies between ${among}: no difference of ${metric.minEffect} or more.`;
    case 'within the margin':
      return `${named} is worse by less than ${metric.margin}, ${looks}: the guardrail holds.`;
    case 'beyond the margin':
      return `${named} is ${by} (${between}): the guardrail is broken, ${looks}.`;
    case 'not yet':
      return `${named} lies between ${among}: it can be either yet.`;
  }
}

/** Four digits, and always a sign. */
export function signed(value: number): string {
  const text = plain(value);
  return value > 0 ? `+${text}` : text.replace('-', '−');
}

export const plain = (value: number): string =>
  value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
