import type { Alert } from '../alert.js';

const requests = (good: string, bad: string) => ({
  'moola_http_requests_total{job="collector", method="POST", route="/v1/events", status="202"}': good,
  'moola_http_requests_total{job="collector", method="POST", route="/v1/events", status="503"}': bad,
});

export const httpErrors: Alert = {
  name: 'MoolaHttpErrors',
  severity: 'warning',
  // Probes answer 503 when a process is not ready: MoolaNotReady tells that.
  expr:
    'sum by (job, route) (rate(moola_http_requests_total{status=~"5..", route!~"/healthz|/readyz"}[5m]))\n' +
    '/ sum by (job, route) (rate(moola_http_requests_total[5m])) > 0.05',
  for: '5m',
  summary: '{{ $labels.job }} answers requests to {{ $labels.route }} with errors.',
  description:
    '{{ $value | humanizePercentage }} of them get a status of 500 or more. Producers must send again what was not accepted.',
  fires: {
    series: requests('0+80x60', '0+20x60'),
    at: '11m',
    alerts: [{ job: 'collector', route: '/v1/events' }],
    value: '20%',
  },
  quiet: { series: requests('0+99x60', '0+1x60'), at: '11m' },
};
