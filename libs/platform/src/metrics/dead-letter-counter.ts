import type { Counter } from 'prom-client';
import type { Metrics } from './metrics.js';

/** What could not be taken, and why. A task that reads its records again counts them again. */
export function deadLetterCounter(metrics: Metrics): Counter<'environment' | 'origin' | 'reason'> {
  return metrics.counter({
    name: 'moola_dead_letters_total',
    help: 'Dead letters, by what made them (http, telemetry, a processor) and the reason: malformed, invalid-field, time-out-of-range, poison.',
    labels: ['environment', 'origin', 'reason'] as const,
  });
}
