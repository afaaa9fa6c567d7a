import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const notices = (kind: string, values: string) => ({
  ...startsNow('tracker'),
  [`moola_task_notices_total{environment="live", processor="tracker", kind="${kind}", job="tracker"}`]: values,
});

export const stateLost: Alert = {
  name: 'MoolaStateLost',
  severity: 'critical',
  expr: grown('moola_task_notices_total{kind=~"span-lost|rows-missing|store-went-back|store-behind-commit"}', '15m', [
    'environment',
    'processor',
    'kind',
  ]),
  for: '0s',
  summary: '{{ $labels.processor }} in {{ $labels.environment }} lost records or state: {{ $labels.kind }}.',
  description:
    'Kafka or Redis no longer has what it had acknowledged. The task goes on; figures of the span may be wrong.',
  fires: {
    series: notices('rows-missing', '_ _ 1x20'),
    at: '3m',
    alerts: [{ environment: 'live', processor: 'tracker', kind: 'rows-missing' }],
  },
  // A takeover is no loss; what was long ago is over.
  quiet: { series: { ...notices('fenced', '0 0 1 2x100'), ...notices('span-lost', '1x100') }, at: '20m' },
  cases: grownCases(
    'moola_task_notices_total{environment="live", processor="tracker", kind="rows-missing", job="tracker"}',
    'tracker',
    '15m',
    [{ environment: 'live', processor: 'tracker', kind: 'rows-missing' }],
  ),
};
