import type { Alert } from '../alert.js';

const waiting = (values: string) => ({
  'moola_task_waiting{environment="live", processor="bridge", partition="1", job="bridge"}': values,
});

export const taskWaits: Alert = {
  name: 'MoolaTaskWaits',
  severity: 'warning',
  expr: 'max by (environment, processor, partition) (moola_task_waiting) == 1',
  for: '2m',
  summary:
    '{{ $labels.processor }} in {{ $labels.environment }}, partition {{ $labels.partition }}, waits for Kafka or Redis.',
  description: 'It is asked again and again; the /readyz of its process says what for.',
  fires: {
    series: waiting('0 1x20'),
    at: '3m',
    alerts: [{ environment: 'live', processor: 'bridge', partition: '1' }],
  },
  quiet: { series: waiting('0 1 1 0 1 1 0 1 1 0 1 1 0'), at: '3m' },
};
