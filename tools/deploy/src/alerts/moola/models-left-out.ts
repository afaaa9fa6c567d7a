import type { Alert } from '../alert.js';

const leftOut = (values: string) => ({ 'moola_model_metrics_versions_left_out{environment="live"}': values });

export const modelsLeftOut: Alert = {
  name: 'MoolaModelsLeftOut',
  severity: 'info',
  expr: 'max by (environment) (moola_model_metrics_versions_left_out) > 0',
  for: '15m',
  summary: 'Prometheus does not see {{ $value }} versions of models in {{ $labels.environment }}.',
  description: 'Alerts of Prometheus on them cannot fire; those of Moola do. Raise MOOLA_MAXIMUM_VERSIONS_IN_METRICS.',
  fires: { series: leftOut('3x100'), at: '20m', alerts: [{ environment: 'live' }], value: '3' },
  quiet: { series: leftOut('0x100'), at: '20m' },
};
