import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const letters = (reason: string, values: string) => ({
  ...startsNow('tracker'),
  [`moola_dead_letters_total{environment="live", origin="tracker", reason="${reason}", job="tracker"}`]: values,
});

export const poison: Alert = {
  name: 'MoolaPoison',
  severity: 'critical',
  expr: grown('moola_dead_letters_total{reason="poison"}', '15m', ['environment', 'origin']),
  for: '0s',
  summary: '{{ $labels.origin }} in {{ $labels.environment }} could not process a row that had been accepted.',
  description:
    'The row is a dead letter and the task goes on without it: a defect of Moola, or a record that another program wrote.',
  fires: { series: letters('poison', '0 0 1x20'), at: '3m', alerts: [{ environment: 'live', origin: 'tracker' }] },
  quiet: { series: letters('malformed', '0 0 1x20'), at: '3m' },
  cases: grownCases(
    'moola_dead_letters_total{environment="live", origin="tracker", reason="poison", job="tracker"}',
    'tracker',
    '15m',
    [{ environment: 'live', origin: 'tracker' }],
  ),
};
