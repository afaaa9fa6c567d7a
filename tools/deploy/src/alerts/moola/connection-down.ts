import type { Alert } from '../alert.js';

export const connectionDown: Alert = {
  name: 'MoolaConnectionDown',
  severity: 'critical',
  expr: 'min by (job, server) (moola_connection_up) == 0',
  for: '1m',
  summary: '{{ $labels.job }} does not reach {{ $labels.server }}.',
  description: 'It waits and goes on where it stopped once the server answers. Nothing is decided or sent meanwhile.',
  fires: {
    series: { 'moola_connection_up{job="tracker", instance="a", server="redis"}': '1 1 0x20' },
    at: '3m',
    alerts: [{ job: 'tracker', server: 'redis' }],
  },
  quiet: { series: { 'moola_connection_up{job="tracker", instance="a", server="redis"}': '1 0 0 1x20' }, at: '3m' },
};
