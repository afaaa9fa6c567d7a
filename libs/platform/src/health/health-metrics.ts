import type { Metrics } from '../metrics/metrics.js';
import type { Health } from './health.js';

/** Whether a process is ready, as `/readyz` says it, for who looks at metrics only. */
export function watchHealth(health: Health, metrics: Metrics): void {
  metrics.watched({
    name: 'moola_ready',
    help: '1 while the process is ready, else 0: /readyz says why not.',
    values: () => [{ labels: {}, value: health.readiness().healthy ? 1 : 0 }],
  });
}
