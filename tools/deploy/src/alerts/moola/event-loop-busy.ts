import type { Alert } from '../alert.js';

const delays = (within: string, all: string) => ({
  'moola_event_loop_delay_seconds_bucket{job="console", instance="a", le="0.1"}': within,
  'moola_event_loop_delay_seconds_bucket{job="console", instance="a", le="0.5"}': all,
  'moola_event_loop_delay_seconds_bucket{job="console", instance="a", le="+Inf"}': all,
});

export const eventLoopBusy: Alert = {
  name: 'MoolaEventLoopBusy',
  severity: 'warning',
  expr: 'histogram_quantile(0.99, sum by (job, instance, le) (rate(moola_event_loop_delay_seconds_bucket[5m]))) > 0.25',
  for: '10m',
  summary: '{{ $labels.job }} ({{ $labels.instance }}) is busy: it answers late.',
  description:
    'Its event loop is blocked for up to {{ $value | humanizeDuration }} at a time: too much work for one process.',
  fires: {
    series: delays('0+100x100', '0+150x100'),
    at: '20m',
    alerts: [{ job: 'console', instance: 'a' }],
    value: '488ms',
  },
  quiet: { series: delays('0+150x100', '0+150x100'), at: '20m' },
};
