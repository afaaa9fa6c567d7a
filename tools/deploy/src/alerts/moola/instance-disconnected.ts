import type { Alert } from '../alert.js';

const connection = (instance: string): string =>
  `moola_connection_up{job="tracker", instance="${instance}", server="redis"}`;

export const instanceDisconnected: Alert = {
  name: 'MoolaInstanceDisconnected',
  severity: 'warning',
  // While no instance reaches the server MoolaConnectionDown tells.
  expr:
    'max by (job, instance, server) (moola_connection_up) == 0\n' +
    'unless on (job, server) max by (job, server) (moola_connection_up) == 0',
  for: '2m',
  summary: 'An instance of {{ $labels.job }} ({{ $labels.instance }}) does not reach {{ $labels.server }}; others do.',
  description: 'Its tasks wait until it reaches the server or another instance takes them over.',
  fires: {
    series: { [connection('a')]: '1 0x40', [connection('b')]: '1x41' },
    at: '5m',
    alerts: [{ job: 'tracker', instance: 'a', server: 'redis' }],
  },
  // Nobody reaches it.
  quiet: { series: { [connection('a')]: '1 0x40', [connection('b')]: '1 0x40' }, at: '5m' },
};
