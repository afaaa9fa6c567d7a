import type { Metrics } from '@moola/platform/metrics/metrics';
import type { Attempted } from './send.js';

/** What came of attempts to tell people. One that a crash interrupted is made, and counted, again. */
export class SendMetrics {
  private readonly attempts;

  constructor(metrics: Metrics) {
    this.attempts = metrics.counter({
      name: 'moola_notification_attempts_total',
      help: 'Attempts to send, by channel (terminal: in place of one that is not configured; silent: of a replay) and outcome.',
      labels: ['environment', 'channel', 'outcome'] as const,
    });
  }

  /** Takes the attempts of one environment. */
  of(environment: string): Attempted {
    return ({ channel, outcome }) => this.attempts.inc({ environment, channel, outcome });
  }
}
