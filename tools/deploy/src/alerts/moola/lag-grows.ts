import type { Alert } from '../alert.js';

const lag = (values: string) => ({
  'moola_task_lag_records{environment="live", processor="tracker", partition="0", job="tracker", instance="a"}': values,
});

export const lagGrows: Alert = {
  name: 'MoolaLagGrows',
  severity: 'warning',
  // A record holds up to thousands of rows; a task that keeps up lags by a few.
  expr:
    'sum by (environment, processor) (moola_task_lag_records) > 100\n' +
    'and sum by (environment, processor) (deriv(moola_task_lag_records[10m])) > 0',
  for: '10m',
  summary: '{{ $labels.processor }} in {{ $labels.environment }} does not keep up: its lag grows.',
  description: 'Alerts and figures come late by as much. It lags by {{ $value | humanize }} records.',
  fires: {
    series: lag('0+20x100'),
    at: '20m',
    alerts: [{ environment: 'live', processor: 'tracker' }],
    value: '1.6k',
  },
  // A peak that is worked off.
  quiet: { series: lag('0+200x5 1000-20x90'), at: '20m' },
};
