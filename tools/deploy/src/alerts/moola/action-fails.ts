import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const actions = (outcome: string, values: string) => ({
  ...startsNow('responder'),
  [`moola_actions_total{environment="live", kind="move-alias", outcome="${outcome}", job="responder"}`]: values,
});

export const actionFails: Alert = {
  name: 'MoolaActionFails',
  severity: 'critical',
  expr: grown('moola_actions_total{outcome=~"failed|expired|unknown"}', '15m', ['environment', 'kind', 'outcome']),
  for: '0s',
  summary:
    'An action was not carried out: {{ $labels.kind }}, {{ $labels.outcome }} (environment {{ $labels.environment }}).',
  description:
    'The incident that asked for it stays open and its timeline says why. A rollback may have to be made by hand.',
  fires: {
    series: actions('failed', '_ _ 1x20'),
    at: '3m',
    alerts: [{ environment: 'live', kind: 'move-alias', outcome: 'failed' }],
  },
  quiet: { series: { ...actions('done', '0 0 1x20'), ...actions('retryable', '0 0 1x20') }, at: '3m' },
  cases: grownCases(
    'moola_actions_total{environment="live", kind="move-alias", outcome="failed", job="responder"}',
    'responder',
    '15m',
    [{ environment: 'live', kind: 'move-alias', outcome: 'failed' }],
  ),
};
