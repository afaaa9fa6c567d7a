import { performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.js';

const everyMs = 100;

/**
 * How late timers come. A histogram that only grows: what prom-client has is set back by every scrape, so that two
 * Prometheus servers each see a part, and includes the timer's own interval.
 */
export function watchEventLoopDelay(metrics: Metrics): void {
  const delay = metrics.histogram({
    name: 'moola_event_loop_delay_seconds',
    help: 'How late a timer of 100 ms came: how long the event loop was busy with something else.',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
  });
  let due = performance.now() + everyMs;
  setInterval(() => {
    const now = performance.now();
    delay.observe(Math.max(0, now - due) / 1000);
    due = now + everyMs;
  }, everyMs).unref();
}
