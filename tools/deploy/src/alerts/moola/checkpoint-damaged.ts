import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const notices = (kind: string, values: string) => ({
  ...startsNow('tracker'),
  [`moola_connection_notices_total{server="redis", kind="${kind}", job="tracker"}`]: values,
});

export const checkpointDamaged: Alert = {
  name: 'MoolaCheckpointDamaged',
  severity: 'critical',
  expr: grown('moola_connection_notices_total{kind="checkpoint-damaged"}', '15m', ['job']),
  for: '0s',
  summary: 'Redis has lost parts of checkpoints of {{ $labels.job }}.',
  description: 'The task starts from nothing: its windows are empty until they have filled again.',
  fires: { series: notices('checkpoint-damaged', '_ _ 1x20'), at: '3m', alerts: [{ job: 'tracker' }] },
  quiet: { series: notices('retrying', '0 0 1x20'), at: '3m' },
  cases: grownCases(
    'moola_connection_notices_total{server="redis", kind="checkpoint-damaged", job="tracker"}',
    'tracker',
    '15m',
    [{ job: 'tracker' }],
  ),
};
