import type { Alert } from '../alert.js';

export const notReady: Alert = {
  name: 'MoolaNotReady',
  severity: 'warning',
  expr: 'moola_ready == 0',
  for: '5m',
  summary: '{{ $labels.job }} ({{ $labels.instance }}) is not ready.',
  description: 'Its /readyz says why. Until it is ready it gets no requests, or does not do its work.',
  fires: {
    series: { 'moola_ready{job="tracker", instance="10.0.0.2:8080"}': '1 0x40' },
    at: '6m',
    alerts: [{ job: 'tracker', instance: '10.0.0.2:8080' }],
  },
  // A start that reads much.
  quiet: { series: { 'moola_ready{job="tracker", instance="10.0.0.2:8080"}': '0x15 1x30' }, at: '6m' },
};
