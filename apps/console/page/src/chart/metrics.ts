/** What a chart can show. */
export interface ShownMetric {
  readonly name: string;
  readonly label: string;
  /** A share has an axis from 0 to 100 %. */
  readonly kind: 'share' | 'milliseconds';
  /** What it is made of, and by whose time. */
  readonly counts: 'outcomes' | 'predictions';
}

export const shownMetrics: readonly [ShownMetric, ...ShownMetric[]] = [
  { name: 'accuracy', label: 'Accuracy', kind: 'share', counts: 'outcomes' },
  { name: 'precision', label: 'Precision', kind: 'share', counts: 'outcomes' },
  { name: 'recall', label: 'Recall', kind: 'share', counts: 'outcomes' },
  { name: 'latency_p95', label: 'P95 latency', kind: 'milliseconds', counts: 'predictions' },
  { name: 'error_rate', label: 'Error rate', kind: 'share', counts: 'predictions' },
];

/** Which history of a metric is drawn; `null` stands for the window of the budget. */
export type ShownHistory = { readonly by: 'window'; readonly windowMs: number } | { readonly by: 'prediction-time' };

/** The query of a read of the history. */
export function historyQuery(metric: string, shown: ShownHistory | null): string {
  const query = new URLSearchParams({ metric });
  if (shown?.by === 'window') query.set('window', String(shown.windowMs));
  if (shown?.by === 'prediction-time') query.set('by', shown.by);
  return query.toString();
}
