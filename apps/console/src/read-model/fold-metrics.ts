import type { Metrics } from '@moola/platform/metrics/metrics';
import type { EnvironmentFold } from './environment-fold.js';

/** How far behind the facts the console is. */
export class FoldMetrics {
  constructor(metrics: Metrics, folds: readonly EnvironmentFold[]) {
    const labels = ['environment'] as const;
    metrics.watched({
      name: 'moola_console_lag_records',
      help: 'Records of facts that the console has not taken in.',
      labels,
      values: () => folds.map((fold) => ({ labels: { environment: fold.environment }, value: fold.view().behind })),
    });
    metrics.watched({
      name: 'moola_console_clock_delay_seconds',
      help: "How far the environment's clock, as the console has it, is behind the wall's; in a replay it says nothing.",
      labels,
      values: () =>
        folds.flatMap(({ environment, clockMs }) =>
          clockMs === null ? [] : [{ labels: { environment }, value: (Date.now() - clockMs) / 1000 }],
        ),
    });
    metrics.watched({
      name: 'moola_console_stale',
      help: '1 while the console cannot read on and answers from what it has, else 0.',
      labels,
      values: () =>
        folds.map(({ environment, stale }) => ({ labels: { environment }, value: stale() === null ? 0 : 1 })),
    });
  }
}
