import type { Alert } from '../alert.js';

export const instanceDown: Alert = {
  name: 'MoolaInstanceDown',
  severity: 'warning',
  expr: 'up{job=~"collector|tracker|bridge|experiment|responder|notifier|console|standalone|moola-models"} == 0',
  for: '1m',
  summary: 'An instance of {{ $labels.job }} ({{ $labels.instance }}) does not answer.',
  description: 'Others take its partitions over. If it is the only one, its work waits.',
  fires: {
    series: {
      'up{job="tracker", instance="10.0.0.2:8080"}': '1x20',
      'up{job="tracker", instance="10.0.0.3:8080"}': '1 1 0x18',
    },
    at: '2m',
    alerts: [{ job: 'tracker', instance: '10.0.0.3:8080' }],
  },
  // A restart.
  quiet: { series: { 'up{job="bridge", instance="10.0.0.4:8080"}': '1 0 0 0 1x20' }, at: '1m' },
};
