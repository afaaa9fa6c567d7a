import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const letters = (origin: string, reason: string, values: string) => ({
  ...startsNow('collector'),
  [`moola_dead_letters_total{environment="live", origin="${origin}", reason="${reason}", job="collector"}`]: values,
});

export const deadLetters: Alert = {
  name: 'MoolaDeadLetters',
  severity: 'warning',
  expr: grown('moola_dead_letters_total{reason!="poison"}', '10m', ['environment', 'origin', 'reason']),
  for: '0s',
  summary:
    'Events come in that cannot be used ({{ $labels.reason }}, by {{ $labels.origin }}, environment {{ $labels.environment }}).',
  description: 'They are kept and can be tried again. Until then the figures lack them.',
  fires: {
    series: letters('http', 'invalid-field', '_ _ 1x20'),
    at: '3m',
    alerts: [{ environment: 'live', origin: 'http', reason: 'invalid-field' }],
  },
  quiet: { series: letters('http', 'invalid-field', '7x100'), at: '20m' },
  cases: grownCases(
    'moola_dead_letters_total{environment="live", origin="http", reason="malformed", job="collector"}',
    'collector',
    '10m',
    [{ environment: 'live', origin: 'http', reason: 'malformed' }],
  ),
};
