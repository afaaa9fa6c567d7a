import type { Alert } from '../alert.js';

const problems = (values: string) => ({ 'moola_topic_problems{job="collector", instance="a"}': values });

export const topicsWrong: Alert = {
  name: 'MoolaTopicsWrong',
  severity: 'warning',
  expr: 'max by (job) (moola_topic_problems) > 0',
  for: '5m',
  summary: 'Topics of Kafka are not as {{ $labels.job }} needs them.',
  description:
    'Its log names each difference and what to do. A wrong retention or number of partitions can lose data later.',
  fires: { series: problems('0 2x40'), at: '7m', alerts: [{ job: 'collector' }] },
  quiet: { series: problems('0 2x10 0x40'), at: '7m' },
};
