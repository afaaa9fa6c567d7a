import type { Analysis, JudgedComparison } from '@moola/statistics/analysis/analyse';
import type { Plan } from '@moola/statistics/analysis/plan';
import { plain, reasonOf, signed } from './reason.js';
import type { ExperimentRows } from './read-experiment.js';

type Style = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string) => string;

/** The report as people read it: health first, then what was decided and why, then the figures. */
export function analysisText(path: string, plan: Plan, analysis: Analysis, rows: ExperimentRows, style: Style): string {
  const blocks = [healthLines(path, plan, analysis, rows, style)];
  blocks.push(...analysis.comparisons.map((comparison) => decisionLines(plan, comparison, style)));
  blocks.push(tableOf(plan, analysis.comparisons, style), footnotes(plan, analysis));
  return blocks.join('\n\n');
}

function healthLines(path: string, plan: Plan, { health }: Analysis, rows: ExperimentRows, style: Style): string {
  const { arms, contaminated, hasClusters, unknownArms, refused } = rows;
  const units = arms.map(({ arm, units: count }) => `${arm} ${count.toLocaleString('en')}`).join(', ');
  const { srm, isHealthy, unplanned } = health;
  const lines = [`${style('bold', path)}: ${units} units`];
  const ratio = srm === null ? 'sample ratio: cannot be told' : `sample ratio p = ${pText(srm.p)}`;
  lines.push(
    isHealthy
      ? `${style('green', 'healthy')}    ${ratio}`
      : `${style('red', 'UNHEALTHY')}  ${ratio}, below ${plan.srmAlpha}: nothing is decided`,
  );
  for (const arm of unplanned) lines.push(`${style('yellow', 'note')}       ${arm} has a share of 0 and got units`);
  for (const { arm, units: count } of unknownArms)
    lines.push(
      `${style('yellow', 'note')}       arm "${arm}" is not among the weights: its ${count} units are left out`,
    );
  if (contaminated !== null && contaminated > 0)
    lines.push(`${style('yellow', 'note')}       ${contaminated} units were in more than one arm, and count in none`);
  if (hasClusters)
    lines.push(`${style('yellow', 'note')}       units have several rows: variances are robust to that (clusters)`);
  if (refused.count > 0) lines.push(`${style('yellow', 'note')}       ${refused.count} rows were refused`);
  return lines.join('\n');
}

function decisionLines(plan: Plan, comparison: JudgedComparison, style: Style): string {
  const { decision, metric, treatment } = comparison;
  const colour = ({ ship: 'green', 'roll back': 'red', unhealthy: 'red', review: 'yellow' } as const)[
    decision as 'ship'
  ];
  const word = decision.toUpperCase();
  const head = `${colour === undefined ? style('bold', word) : style(colour, word)}  ${treatment}, ${metric.name}`;
  return `${head}\n  ${reasonOf(plan, comparison)}`;
}

function tableOf(plan: Plan, comparisons: readonly JudgedComparison[], style: Style): string {
  const columns: readonly (readonly [string, 'left' | 'right', (row: JudgedComparison) => string])[] = [
    ['TREATMENT', 'left', ({ treatment }) => treatment],
    ['METRIC', 'left', ({ metric }) => metric.name],
    ['N', 'right', ({ n }) => `${n.control} / ${n.treatment}`],
    ['CONTROL', 'right', ({ estimate }) => figure(estimate.control)],
    ['TREATED', 'right', ({ estimate }) => figure(estimate.treatment)],
    ['EFFECT', 'right', ({ estimate }) => (estimate.absolute === null ? '–' : signed(estimate.absolute))],
    ['LIFT', 'right', ({ estimate }) => (estimate.relative === null ? '–' : `${signed(100 * estimate.relative)} %`)],
    plan.tunedFor === null
      ? ['ONE LOOK', 'right', ({ fixed }) => bounds(fixed.interval)]
      : ['ALWAYS VALID', 'right', ({ anytime }) => bounds(anytime.interval)],
    ['P ONE LOOK', 'right', ({ fixed }) => pText(fixed.p)],
    ...(plan.tunedFor === null
      ? []
      : [['P ALWAYS', 'right', ({ anytime }: JudgedComparison) => pText(anytime.p)] as const]),
    [
      'BETTER',
      'right',
      ({ bayesian }) => (bayesian.probabilityBetter === null ? '–' : percent(bayesian.probabilityBetter)),
    ],
  ];
  const cells = comparisons.map((row) => columns.map(([, , cell]) => cell(row)));
  const widths = columns.map(([title], i) =>
    Math.max(title.length, ...cells.map((line) => (line[i] as string).length)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (columns[i]?.[1] === 'right' ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [style('bold', line(columns.map(([title]) => title))), ...cells.map(line)].join('\n');
}

function footnotes(plan: Plan, { comparisons }: Analysis): string {
  const confidence = `${plain(100 * (1 - plan.alpha))} %`;
  const lines = [
    plan.tunedFor === null
      ? `Intervals hold with ${confidence} at one look, planned beforehand. Looking again and again breaks that.`
      : `Always valid: the interval holds with ${confidence} at every look at once. It is tightest at ${plan.tunedFor} units.`,
  ];
  if (comparisons.length > 1 && plan.correction !== 'none')
    lines.push(
      `Decisions are corrected for ${comparisons.length} comparisons (${plan.correction}); intervals are not.`,
    );
  const reduced = comparisons.filter(({ varianceReduction }) => varianceReduction !== null);
  for (const { metric, treatment, varianceReduction } of reduced)
    lines.push(
      `The covariate took ${percent(varianceReduction ?? 0)} off the variance of ${metric.name} (${treatment}).`,
    );
  return lines.join('\n');
}

const figure = (value: number | null) => (value === null ? '–' : plain(value));
const bounds = (interval: readonly [number, number] | null) =>
  interval === null ? '–' : `${signed(interval[0])} … ${signed(interval[1])}`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
function pText(p: number | null): string {
  if (p === null) return '–';
  // Smaller than a number can be.
  if (p === 0) return '< 1e-300';
  return p < 1e-4 ? p.toExponential(1) : p.toFixed(4);
}
