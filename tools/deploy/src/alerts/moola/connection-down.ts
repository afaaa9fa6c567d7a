import type { Alert } from '../alert.js';

const connection = (instance: string): string =>
  `moola_connection_up{job="tracker", instance="${instance}", server="redis"}`;

export const connectionDown: Alert = {
  name: 'MoolaConnectionDown',
  severity: 'critical',
  // No instance reaches it; of one alone MoolaInstanceDisconnected tells.
  expr: 'max by (job, server) (moola_connection_up) == 0',
  for: '1m',
  summary: '{{ $labels.job }} does not reach {{ $labels.server }}.',
  description: 'It waits and goes on where it stopped once the server answers. Nothing is decided or sent meanwhile.',
  fires: {
    series: { [connection('a')]: '1 1 0x20', [connection('b')]: '1 0x21' },
    at: '3m',
    alerts: [{ job: 'tracker', server: 'redis' }],
  },
  quiet: { series: { [connection('a')]: '1 0x21', [connection('b')]: '1x22' }, at: '3m' },
  cases: [
    {
      name: 'does not fire when the connection is soon back',
      series: { [connection('a')]: '1 0 0 1x20' },
      at: '3m',
      alerts: [],
    },
  ],
};
