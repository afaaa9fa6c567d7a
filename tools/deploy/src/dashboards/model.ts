import { exposedMetric, exposedMetrics } from '@moola/metrics/exposed-metrics';
import type { MetricUnit } from '@moola/metrics/metric';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { once } from '../console-metrics.js';
import { environment, type Board } from './board.js';
import { bad, lines, names, stat, states, step, type Query } from './panels.js';

const of = 'environment=~"$environment", model="$model"';
const windowed = `${of}, window="$window"`;
const byVersion = '{{version}} ({{role}})';

const figure = (metric: string): Query => ({
  expr: once(`${exposedMetric(metric).name}{${windowed}}`),
  legend: byVersion,
});
const ofServing = (metric: string, what: string): Query => ({
  expr: once(`${exposedMetric(metric).name}{${windowed}, role="primary"}`),
  legend: `{{version}} ${what}`,
});
const limit = (metric: string, legend = 'limit'): Query => ({
  expr: `max(${exposedMetric(metric).limit}{${of}, role="primary"})`,
  legend,
  as: 'limit',
});
const bounds = (metric: string): Query[] => {
  const { bounds: ends } = exposedMetric(metric);
  if (ends === null) return [];
  return [
    { expr: once(`${ends.lower}{${windowed}, role="primary"}`), legend: '{{version}} lower bound', as: 'bound' },
    { expr: once(`${ends.upper}{${windowed}, role="primary"}`), legend: '{{version}} upper bound', as: 'bound' },
  ];
};

/** Of every segment of what serves, over the budget's window. */
const bySegment = (name: string): Query => ({
  expr: once(`${name.replace('moola_model_', 'moola_model_segment_')}{${of}}`),
  legend: '{{key}} {{segment}}',
});

/** Metrics that have a panel of their own, or are said with another one. */
const elsewhere = [
  ...['accuracy', 'precision', 'recall', 'error_rate', 'latency_p50', 'latency_p95', 'latency_p99'],
  ...['cost_per_prediction', 'throughput', 'predictions', 'labels', 'positives'],
];

/** All other metrics of a unit, by the catalogue: of what serves, whatever its task has of them. */
function others(unit: MetricUnit, grafanaUnit: string, title: string, description: string): Builder<Panel> {
  const its = exposedMetrics.filter(({ metric }) => metric.unit === unit && !elsewhere.includes(metric.name));
  return lines(
    { title, description, ...{ unit: grafanaUnit, span: 12 } },
    its.map(({ metric }) => ofServing(metric.name, metric.title)),
    'right',
  );
}

/** Everything about one model. */
export const model: Board = {
  name: 'model',
  title: 'one model',
  description: 'One model: its versions, figures with intervals and limits, budget, alerts, traffic.',
  variables: [
    environment,
    {
      ...{ name: 'model', label: 'Model', choice: 'one' },
      values: 'label_values(moola_model_version_info{environment=~"$environment"}, model)',
    },
    {
      ...{ name: 'window', label: 'Window', choice: 'one' },
      values: `label_values(moola_model_budget_window_info{${of}}, window)`,
    },
  ],
  rows: {
    Now: [
      names(
        { title: 'Serves', description: 'The version whose answers are used.', ...{ unit: 'short', span: 4 } },
        { expr: once(`moola_model_version_info{${of}, role="primary"}`), legend: '{{version}}' },
      ),
      names(
        { title: 'Budget', description: 'By the gates of its lines.', ...{ unit: 'short', span: 4 } },
        { expr: `${once(`moola_model_budget_state{${of}, role="primary"}`)} == 1`, legend: '{{state}}' },
      ),
      stat(
        {
          title: 'Lines out of budget',
          description: 'Lines of the budget that are out, gates among them.',
          ...{ unit: 'short', span: 4 },
        },
        { expr: `sum(${once(`moola_model_budget_line_out{${of}, role="primary"}`)})`, legend: 'out' },
        bad,
      ),
      stat(
        { title: 'Open incidents', description: 'Of this model.', ...{ unit: 'short', span: 4 } },
        { expr: `sum(${once(`moola_model_incidents_open{${of}}`)})`, legend: 'open' },
        bad,
      ),
      stat(
        { title: 'Labels in the window', description: 'Of what serves.', ...{ unit: 'short', span: 4 } },
        { expr: `sum(${once(`${exposedMetric('labels').name}{${windowed}, role="primary"}`)})`, legend: 'labels' },
      ),
      stat(
        { title: 'Loss a minute', description: 'While it is out of budget.', ...{ unit: 'currencyUSD', span: 4 } },
        { expr: `sum(${once(`moola_model_loss_usd_per_second{${of}}`)}) * 60`, legend: 'a minute' },
        [step('green', null), step('red', 0.01)],
      ),
    ],
    Quality: [
      lines(
        {
          title: 'Accuracy',
          description: '95 % interval of what serves. Labels come late: a change is seen by as much later.',
          ...{ unit: 'percentunit', span: 12 },
        },
        [figure('accuracy'), ...bounds('accuracy'), limit('accuracy')],
      ),
      lines(
        {
          title: 'Precision and recall',
          description: 'Of the positive answers those that were right; of the positive truths those that were found.',
          ...{ unit: 'percentunit', span: 12 },
        },
        [
          ...['precision', 'recall'].flatMap((metric) => [
            ofServing(metric, metric),
            limit(metric, `limit of ${metric}`),
          ]),
        ],
      ),
    ],
    'More on quality': [
      others(
        'ratio',
        'percentunit',
        'Other ratios',
        'Each with its formula: docs/semantics.md. Models of other tasks have others.',
      ),
      others('index', 'short', 'Scores and coefficients', 'Where better is up or down: docs/definitions.md.'),
      others('value', 'short', 'Errors of a regression', 'In the unit of what the model answers; bias is signed.'),
      others('times', 'short', 'Latency against when it was last known good', '1: as it was; 1.5: half as much again.'),
    ],
    Labels: [others('min', 's', 'Label delay', 'Mean time from a prediction until its outcome is known.')],
    Service: [
      lines(
        {
          title: 'Latency',
          description: 'Of what serves: median, 95th and 99th percentile.',
          ...{ unit: 's', span: 12 },
        },
        [
          ...['latency_p50', 'latency_p95', 'latency_p99'].map((metric) =>
            ofServing(metric, metric.slice('latency_'.length).toUpperCase()),
          ),

          limit('latency_p95', 'limit of P95'),
        ],
      ),
      lines({ title: 'Error rate', description: 'Failed predictions of all.', ...{ unit: 'percentunit', span: 12 } }, [
        figure('error_rate'),
      ]),
      lines({ title: 'Predictions a second', description: 'By version.', ...{ unit: 'reqps', span: 12 } }, [
        figure('throughput'),
      ]),
      lines(
        {
          title: 'Cost of a prediction',
          description: 'Mean, as producers state it.',
          ...{ unit: 'currencyUSD', span: 12 },
        },
        [figure('cost_per_prediction'), limit('cost_per_prediction')],
      ),
    ],
    Segments: [
      lines(
        {
          title: 'Accuracy by segment',
          description: "Over the budget's window, of classifiers. Which labels are segments: docs/definitions.md.",
          ...{ unit: 'percentunit', span: 12 },
        },
        [bySegment(exposedMetric('accuracy').name)],
        'right',
      ),
      lines(
        { title: 'Latency P95 by segment', description: "Over the budget's window.", ...{ unit: 's', span: 12 } },
        [bySegment(exposedMetric('latency_p95').name)],
        'right',
      ),
      states(
        {
          title: 'Segments worse than the rest',
          description: 'Red: worse than the rest of its label, beyond chance. One with too few samples is not there.',
          ...{ unit: 'short', span: 24 },
        },
        [{ expr: `max by (key, segment) (moola_model_segment_worse{${of}})`, legend: '{{key}} {{segment}}' }],
      ),
    ],
    'Budget and alerts': [
      states(
        {
          title: 'Lines of the budget',
          description: 'Red: out. A line without samples is not there.',
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: `max by (version, metric) (moola_model_budget_line_out{${of}, role="primary"})`,
            legend: '{{version}} {{metric}}',
          },
        ],
      ),
      states({ title: 'Alerts', description: "Red: the rule's alert fires.", ...{ unit: 'short', span: 12 } }, [
        { expr: `max by (version, rule) (moola_model_alert_firing{${of}})`, legend: '{{version}} {{rule}}' },
      ]),
    ],
  },
};
