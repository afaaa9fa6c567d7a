import type { Alert } from '../alert.js';
import { grownCases, startsNow } from '../grown-cases.js';
import { grown } from '../grown.js';

const refused = (values: string) => ({
  ...startsNow('collector'),
  'moola_undeclared_model_events_refused_total{job="collector"}': values,
});

export const modelsRefused: Alert = {
  name: 'MoolaModelsRefused',
  severity: 'warning',
  expr: grown('moola_undeclared_model_events_refused_total', '10m', ['job']),
  for: '0s',
  summary: 'Events are refused: they are of more undeclared models than are allowed.',
  description:
    'Declare the models (`moola apply`), find the producer that makes names up, or raise MOOLA_MAXIMUM_UNDECLARED_MODELS.',
  fires: { series: refused('0 0 5x20'), at: '3m', alerts: [{ job: 'collector' }] },
  quiet: { series: refused('0x20'), at: '3m' },
  cases: grownCases('moola_undeclared_model_events_refused_total{job="collector"}', 'collector', '10m', [
    { job: 'collector' },
  ]),
};
