import type { Alert } from '../alert.js';

const delay = (values: string) => ({ 'moola_console_clock_delay_seconds{environment="live", job="console"}': values });

export const consoleBehind: Alert = {
  name: 'MoolaConsoleBehind',
  severity: 'warning',
  expr: 'max by (environment) (moola_console_clock_delay_seconds) > 30',
  for: '2m',
  summary: 'The page, the API and /metrics/models show {{ $labels.environment }} as it was some time ago.',
  description:
    'They are {{ $value | humanizeDuration }} behind. Decisions and notifications do not depend on the console.',
  fires: { series: delay('0 0 15+15x20'), at: '5m', alerts: [{ environment: 'live' }], value: '4m 45s' },
  quiet: { series: delay('0 0 20 35 50 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1'), at: '4m' },
};
