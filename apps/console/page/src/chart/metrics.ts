import { metricsOf } from '@moola/metrics/catalogue';
import { labelDelay } from '@moola/metrics/catalogue/label-delay';
import { basis, type Metric } from '@moola/metrics/metric';
import type { TaskType } from '@moola/metrics/task-type';

/** What a chart can show. */
export interface ShownMetric {
  readonly name: string;
  readonly label: string;
  /** A share has an axis from 0 to 100 %. */
  readonly isShare: boolean;
  readonly signed: boolean;
  /** What it is made of, and by whose time. */
  readonly counts: 'outcomes' | 'predictions';
}

const shown = ({ name, title, shownAs, ratio, signed, restsOn }: Metric): ShownMetric => ({
  ...{ name, label: title, isShare: ratio && shownAs === 'percent', signed: signed === true },
  counts: restsOn === basis.traffic ? 'predictions' : 'outcomes',
});

/** The metrics of models of a task that a chart offers, how late labels come among them; the first one is shown at first. */
export function shownMetrics(task: TaskType): readonly ShownMetric[] {
  return metricsOf(task)
    .filter(({ charted, name }) => charted || name === labelDelay.name)
    .map(shown);
}

/** Which history of a metric is drawn; `null` stands for the window of the budget. */
export type ShownHistory = { readonly by: 'window'; readonly windowMs: number } | { readonly by: 'prediction-time' };

/** The query of a read of the history. */
export function historyQuery(metric: string, shown: ShownHistory | null): string {
  const query = new URLSearchParams({ metric });
  if (shown?.by === 'window') query.set('window', String(shown.windowMs));
  if (shown?.by === 'prediction-time') query.set('by', shown.by);
  return query.toString();
}
