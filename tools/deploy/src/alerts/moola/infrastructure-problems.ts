import type { Alert } from '../alert.js';

const problems = (values: string) => ({
  'moola_collector_infrastructure_problems{environment="live", definition="pods", job="collector"}': values,
});

export const infrastructureProblems: Alert = {
  name: 'MoolaInfrastructureProblems',
  severity: 'info',
  expr: 'min by (environment, definition) (moola_collector_infrastructure_problems) > 0',
  for: '15m',
  summary: 'Not all that a Prometheus answers for {{ $labels.definition }} in {{ $labels.environment }} can be used.',
  description: 'A query is refused, or gives values that are no figures of an instance. `moola instances` says which.',
  fires: {
    series: problems('1x80'),
    at: '16m',
    alerts: [{ environment: 'live', definition: 'pods' }],
  },
  quiet: { series: problems('1x30 0 1x30'), at: '14m' },
};
