import type { Metrics } from '@moola/platform/metrics/metrics';
import { severityNames } from '@moola/contracts/definitions/severities';
import type { EnvironmentFold } from './environment-fold.js';

/** What the console knows of environments as a whole, and how far behind the facts it is. */
export class FoldMetrics {
  /** @param replays environments whose time is not the wall's */
  constructor(metrics: Metrics, folds: readonly EnvironmentFold[], replays: ReadonlySet<string>) {
    const labels = ['environment'] as const;
    metrics.watched({
      name: 'moola_console_lag_records',
      help: 'Records of facts that the console has not taken in.',
      labels,
      values: () => folds.map((fold) => ({ labels: { environment: fold.environment }, value: fold.view().behind })),
    });
    metrics.watched({
      name: 'moola_console_clock_delay_seconds',
      help: "How far the environment's clock, as the console has it, is behind the wall's. Not of replays.",
      labels,
      values: () =>
        folds.flatMap(({ environment, clockMs }) =>
          clockMs === null || replays.has(environment)
            ? []
            : [{ labels: { environment }, value: (Date.now() - clockMs) / 1000 }],
        ),
    });
    metrics.watched({
      name: 'moola_console_stale',
      help: '1 while the console cannot read on and answers from what it has, else 0.',
      labels,
      values: () =>
        folds.map(({ environment, stale }) => ({ labels: { environment }, value: stale() === null ? 0 : 1 })),
    });
    metrics.watched({
      name: 'moola_incidents_open',
      help: 'Incidents that are not resolved, by severity.',
      labels: ['environment', 'severity'] as const,
      values: () =>
        folds.flatMap((fold) =>
          severityNames.map((severity) => ({
            labels: { environment: fold.environment, severity },
            value: fold.openIncidents(severity),
          })),
        ),
    });
  }
}
