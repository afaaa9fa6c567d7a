import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const attempts = (channel: string, outcome: string, values: string) => ({
  ...startsNow('notifier'),
  [`moola_notification_attempts_total{environment="live", channel="${channel}", outcome="${outcome}", job="notifier"}`]:
    values,
});

export const deliveryFails: Alert = {
  name: 'MoolaDeliveryFails',
  severity: 'critical',
  expr: grown('moola_notification_attempts_total{outcome=~"failed|expired|unknown"}', '15m', [
    'environment',
    'channel',
    'outcome',
  ]),
  for: '0s',
  summary:
    'A notification was not delivered by {{ $labels.channel }} ({{ $labels.outcome }}, environment {{ $labels.environment }}).',
  description: 'The next channel of its route is tried. If it is the last one, nobody is notified of the incident.',
  fires: {
    series: attempts('slack/TEAM', 'failed', '_ _ 1x20'),
    at: '3m',
    alerts: [{ environment: 'live', channel: 'slack/TEAM', outcome: 'failed' }],
  },
  // What another attempt delivers has not failed.
  quiet: {
    series: {
      ...attempts('slack/TEAM', 'retryable', '0 0 1 2x20'),
      ...attempts('slack/TEAM', 'delivered', '0 0 1 2x20'),
    },
    at: '3m',
  },
  cases: grownCases(
    'moola_notification_attempts_total{environment="live", channel="slack/TEAM", outcome="failed", job="notifier"}',
    'notifier',
    '15m',
    [{ environment: 'live', channel: 'slack/TEAM', outcome: 'failed' }],
  ),
};
