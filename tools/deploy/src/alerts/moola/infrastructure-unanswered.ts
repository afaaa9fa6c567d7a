import type { Alert } from '../alert.js';

const without = (values: string) => ({
  'moola_collector_infrastructure_without_answer_seconds{environment="live", definition="pods", job="collector"}':
    values,
});

export const infrastructureUnanswered: Alert = {
  name: 'MoolaInfrastructureUnanswered',
  severity: 'warning',
  // Whoever asked before may still be scraped for a moment.
  expr: 'min by (environment, definition) (moola_collector_infrastructure_without_answer_seconds) > 180',
  for: '1m',
  summary: 'Asking for {{ $labels.definition }} in {{ $labels.environment }} has given no instances for minutes.',
  description:
    'Its instances are silent to Moola, whatever they do. `moola instances` says what is wrong: the server, its settings, or the queries.',
  fires: {
    series: without('0+15x40'),
    at: '5m',
    alerts: [{ environment: 'live', definition: 'pods' }],
  },
  quiet: { series: without('0 15 30 45 60 75 90 105 120 0 15 30 45 60 75 90 105 120 0 15 30'), at: '5m' },
};
