import type { Alert } from '../alert.js';

const age = (values: string) => ({
  'moola_task_checkpoint_age_seconds{environment="live", processor="tracker", partition="3", job="tracker"}': values,
});

export const checkpointOld: Alert = {
  name: 'MoolaCheckpointOld',
  severity: 'critical',
  expr: 'max by (environment, processor, partition) (moola_task_checkpoint_age_seconds) > 120',
  for: '1m',
  summary:
    '{{ $labels.processor }} in {{ $labels.environment }}, partition {{ $labels.partition }}, saves no checkpoint.',
  description:
    'The oldest record that no checkpoint holds was applied {{ $value | humanizeDuration }} ago. After a crash all since then is computed again.',
  fires: {
    series: age('0 15+15x20'),
    at: '4m',
    alerts: [{ environment: 'live', processor: 'tracker', partition: '3' }],
    value: '4m 0s',
  },
  quiet: { series: age('0 15 30 45 60 0 15 30 45 60 0 15 30 45 60 0 15'), at: '4m' },
};
