import type { BudgetLineView, ModelView } from '../../../src/read-model/views';
import { segmentText } from '@moola/wording/segments';
import { metricLabel, metricValue } from './format';

/** Tells the lines of a budget apart: a metric may have several. */
export const lineKey = ({ metric, comparator, limit, segment }: BudgetLineView): string =>
  `${metric} ${comparator} ${limit} ${segment?.key ?? ''} ${segment?.value ?? ''}`;

/** `Accuracy`, `Accuracy (region eu)`. */
export const lineLabel = ({ metric, segment }: BudgetLineView): string =>
  metricLabel(metric) + (segment === null ? '' : ` (${segmentText(segment)})`);

/** `Latency P95 of churn v7 is 155 ms, limit 80 ms`. */
interface LineOut {
  readonly model: string;
  /** Names of the rules that alert for it. */
  readonly rules: readonly string[];
  readonly text: string;
}

/** What keeps the headline from being green though no incident is open. */
export interface Concerns {
  /** Lines of the serving versions that are out. */
  readonly out: readonly LineOut[];
  /** Models whose serving version cannot be judged for lack of data. */
  readonly unjudged: readonly string[];
}

/** Only training jobs, instances and measurements are known of it, no prediction and no outcome: no budget line can be judged. */
export const isOnlyTrained = ({ versions, jobs, instances, measurements, counts }: ModelView): boolean =>
  versions.length === 0 && jobs + instances + measurements > 0 && Object.values(counts).every((count) => count === 0);

/** Looks at every line of every serving version, gates or not: none that is out stands under a green headline. */
export function concernsOf(models: readonly ModelView[]): Concerns {
  const out = models.flatMap((model) => {
    const serving = model.versions.find(({ serving }) => serving);
    return (serving?.lines ?? []).filter(({ verdict }) => verdict === 'out').map((line) => lineOut(model, line));
  });
  const told = new Set(out.map(({ model }) => model));
  const unjudged = models.filter(
    (model) => model.verdict === 'unknown' && !told.has(model.model) && !isOnlyTrained(model),
  );
  return { out, unjudged: unjudged.map(({ model }) => model) };
}

function lineOut({ model, serving, alerts }: ModelView, line: BudgetLineView): LineOut {
  const { metric, figure, limit, rules } = line;
  const figures = `${metricValue(metric, figure?.value ?? null)}, limit ${metricValue(metric, limit)}`;
  const states = alerts.filter(({ rule, version }) => rules.includes(rule) && version === serving);
  const alert = (['firing', 'pending'] as const).find((each) => states.some(({ state }) => state === each));
  const next = rules.length === 0 ? 'no rule alerts for it' : `alert ${alert ?? 'not pending yet'}`;
  return { model, rules, text: `${lineLabel(line)} of ${model} ${serving} is ${figures} (${next}).` };
}
