import { exposedMetric } from '@moola/metrics/exposed-metrics';
import { budgetFigure } from '../alerts/models/recordings.js';
import { once } from '../console-metrics.js';
import { environment, type Board } from './board.js';
import { bad, lines, stat, step, table } from './panels.js';

const of = 'environment=~"$environment"';
const serving = `${of}, role="primary"`;
const figure = (metric: string): string => `${budgetFigure(exposedMetric(metric).name)}{${serving}}`;
const byModel = '{{environment}} {{model}} {{version}}';
const perModel = (expr: string): string => `max by (environment, model, version) (${expr})`;

/** All models at a glance, and whether Moola itself is well. */
export const overview: Board = {
  name: 'overview',
  title: 'overview',
  description: 'All models at a glance: what is out of budget, what it costs, whether Moola itself is well.',
  variables: [environment],
  rows: {
    Now: [
      stat(
        {
          title: 'Models',
          description: 'Models of which a version is in use.',
          ...{ unit: 'short', span: 4 },
        },
        { expr: `count(max by (environment, model) (moola_model_version_info{${of}}))`, legend: 'models' },
      ),
      stat(
        {
          title: 'Out of budget',
          description: 'Serving versions with a gate of their budget out.',
          ...{ unit: 'short', span: 4 },
        },
        { expr: `sum(${once(`moola_model_budget_state{${serving}, state="out"}`)})`, legend: 'out of budget' },
        bad,
      ),
      stat(
        {
          title: 'Alerts firing',
          description: "Moola's alerts on models that fire.",
          ...{ unit: 'short', span: 4 },
        },
        { expr: `sum(${once(`moola_model_alert_firing{${of}}`)})`, legend: 'firing' },
        [step('green', null), step('orange', 1)],
      ),
      stat(
        {
          title: 'Open incidents',
          description: 'Incidents that are not resolved.',
          ...{ unit: 'short', span: 4 },
        },
        { expr: `sum(${once(`moola_incidents_open{${of}}`)})`, legend: 'open' },
        bad,
      ),
      stat(
        {
          title: 'Loss a minute',
          description: 'What models out of budget lose a minute.',
          ...{ unit: 'currencyUSD', span: 4 },
        },
        { expr: `sum(${once(`moola_model_loss_usd_per_second{${of}}`)}) * 60`, legend: 'a minute' },
        [step('green', null), step('red', 0.01)],
      ),
      stat(
        {
          title: 'Processes not ready',
          description: 'Processes of Moola whose /readyz says no.',
          ...{ unit: 'short', span: 4 },
        },
        { expr: 'count(moola_ready == 0) or on () vector(0)', legend: 'not ready' },
        bad,
      ),
    ],
    Models: [
      table(
        {
          title: 'Serving versions',
          description: 'Figures over the window of the budget. Empty: no samples, or the model has another task.',
          ...{ unit: 'short', span: 24 },
        },
        { environment: 'Environment', model: 'Model', version: 'Version' },
        [
          { expr: perModel(figure('accuracy')), legend: '', name: 'Accuracy', unit: 'percentunit', decimals: 1 },
          { expr: perModel(figure('precision')), legend: '', name: 'Precision', unit: 'percentunit', decimals: 1 },
          { expr: perModel(figure('recall')), legend: '', name: 'Recall', unit: 'percentunit', decimals: 1 },
          { expr: perModel(figure('macro_f1')), legend: '', name: 'Macro F1', unit: 'percentunit', decimals: 1 },
          { expr: perModel(figure('mae')), legend: '', name: 'MAE', unit: 'short', decimals: 2 },
          { expr: perModel(figure('r2')), legend: '', name: 'R²', unit: 'short', decimals: 3 },
          { expr: perModel(figure('error_rate')), legend: '', name: 'Errors', unit: 'percentunit', decimals: 2 },
          { expr: perModel(figure('latency_p95')), legend: '', name: 'Latency P95', unit: 's' },
          { expr: perModel(figure('throughput')), legend: '', name: 'Predictions', unit: 'reqps', decimals: 2 },
          {
            expr: perModel(`moola_model_budget_state{${serving}, state="out"}`),
            ...{ legend: '', name: 'Out of budget', unit: 'bool_yes_no' },
          },
          {
            expr: `max by (environment, model, version) (moola_model_loss_usd_per_second{${serving}}) * 60`,
            ...{ legend: '', name: 'Loss a minute', unit: 'currencyUSD' },
          },
        ],
      ),
      lines(
        {
          title: 'Accuracy of what serves',
          description: "Over the window of the model's budget.",
          ...{ unit: 'percentunit', span: 12 },
        },
        [{ expr: figure('accuracy'), legend: byModel }],
      ),
      lines(
        {
          title: 'P95 latency of what serves',
          description: "Over the window of the model's budget.",
          ...{ unit: 's', span: 12 },
        },
        [{ expr: figure('latency_p95'), legend: byModel }],
      ),
      lines(
        {
          title: 'Errors of what serves',
          description: 'Failed predictions of all, over the window of the budget.',
          ...{ unit: 'percentunit', span: 12 },
        },
        [{ expr: figure('error_rate'), legend: byModel }],
      ),
      lines({ title: 'Predictions a second', description: 'Of what serves.', ...{ unit: 'reqps', span: 12 } }, [
        { expr: figure('throughput'), legend: byModel },
      ]),
    ],
  },
};
