import { countedWithin, orNone } from '../alerts/grown.js';
import { once } from '../console-metrics.js';
import { environment, type Board } from './board.js';
import { bad, lines, stat, states, step, table } from './panels.js';

const of = 'environment=~"$environment"';

/** What is wrong with models and what was done about it. */
export const incidents: Board = {
  name: 'incidents',
  title: 'incidents',
  description: 'Open incidents, alerts of Moola and of Prometheus, who was notified, what was done.',
  variables: [environment],
  rows: {
    Now: [
      ...(['emergency', 'critical', 'warning', 'info'] as const).map((severity) =>
        stat(
          {
            title: `Open: ${severity}`,
            description: `Incidents of severity ${severity} that are not resolved.`,
            ...{ unit: 'short', span: 4 },
          },
          { expr: `sum(${once(`moola_incidents_open{${of}, severity="${severity}"}`)})`, legend: severity },
          severity === 'critical' || severity === 'emergency' ? bad : [step('green', null), step('orange', 1)],
        ),
      ),
      stat(
        {
          title: 'Not delivered, 24 h',
          description: 'Attempts to notify that failed for good, came too late or were never answered.',
          ...{ unit: 'short', span: 4 },
        },
        {
          expr: `${countedWithin(`moola_notification_attempts_total{${of}, outcome=~"failed|expired|unknown"}`, '24h', [])} or on () vector(0)`,
          legend: 'not delivered',
        },
        bad,
      ),
      stat(
        {
          title: 'Actions failed, 24 h',
          description: 'Actions that were refused, came too late or could not be confirmed.',
          ...{ unit: 'short', span: 4 },
        },
        {
          expr: `${countedWithin(`moola_actions_total{${of}, outcome=~"failed|expired|unknown"}`, '24h', [])} or on () vector(0)`,
          legend: 'failed',
        },
        bad,
      ),
    ],
    'Alerts and incidents': [
      lines({ title: 'Open incidents', description: 'By severity.', ...{ unit: 'short', span: 12 } }, [
        { expr: `sum by (severity) (${once(`moola_incidents_open{${of}}`)})`, legend: '{{severity}}' },
      ]),
      lines(
        {
          title: 'Alerts on models',
          description: 'Pending: the condition holds, not yet long enough.',
          ...{ unit: 'short', span: 12 },
        },
        [
          { expr: `sum by (severity) (${once(`moola_model_alert_firing{${of}}`)})`, legend: 'firing {{severity}}' },
          { expr: `sum(${once(`moola_model_alert_pending{${of}}`)})`, legend: 'pending' },
        ],
      ),
      states(
        {
          title: 'Alerts on models, by rule',
          description: "Red: the rule's alert fires.",
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: `max by (environment, model, rule) (moola_model_alert_firing{${of}})`,
            legend: '{{environment}} {{model}} {{rule}}',
          },
        ],
      ),
      table(
        {
          title: 'Alerts of Prometheus',
          description:
            'On Moola itself, models, training jobs and instances. MoolaDeadManSwitch is there while alerting works.',
          ...{ unit: 'short', span: 12 },
        },
        { alertname: 'Alert', severity: 'Severity', alertstate: 'State' },
        [
          {
            expr: 'count by (alertname, severity, alertstate) (ALERTS{alertname=~"Moola.+|.*LSTM.*|Pretraining.+|Instance.+"})',
            ...{ legend: '', name: 'Alerts', unit: 'short' },
          },
        ],
      ),
    ],
    'What was done': [
      lines(
        {
          title: 'Attempts to notify',
          description: 'An hour back, by channel and outcome. Silent: of a replay. Terminal: in place of a channel.',
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: orNone(
              countedWithin(`moola_notification_attempts_total{${of}}`, '1h', ['channel', 'outcome']),
              'channel',
            ),
            legend: '{{channel}} {{outcome}}',
          },
        ],
      ),
      lines(
        {
          title: 'Actions',
          description: 'An hour back, by kind and outcome.',
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: orNone(countedWithin(`moola_actions_total{${of}}`, '1h', ['kind', 'outcome']), 'kind'),
            legend: '{{kind}} {{outcome}}',
          },
        ],
      ),
    ],
  },
};
