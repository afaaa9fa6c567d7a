import type { RuleGroup } from './alert.js';
import { budgetFigures } from './models/recordings.js';
import { modelAlertFiring } from './models/model-alert-firing.js';
import { simpleLstmAlerts } from './models/simple-lstm.js';
import { moolaAlerts } from './moola/moola-alerts.js';
import { moolaRecordings } from './moola/recordings.js';
import { infrastructureAlerts } from './subjects/infrastructure.js';
import { trainingAlerts } from './subjects/training.js';

/** Everything that Prometheus evaluates: a file of `deploy/prometheus/rules` each. */
export const ruleGroups: readonly RuleGroup[] = [
  {
    name: 'moola',
    comment: 'Alerts on Moola itself.',
    recordings: moolaRecordings,
    alerts: moolaAlerts,
  },
  {
    name: 'models',
    comment: 'What models do: figures over the windows of their budgets, and alerts on them.',
    recordings: budgetFigures,
    alerts: [modelAlertFiring, ...simpleLstmAlerts],
  },
  {
    name: 'training',
    comment: 'Alerts on training jobs.',
    recordings: [],
    alerts: trainingAlerts,
  },
  {
    name: 'infrastructure',
    comment: 'Alerts on the instances that models run on.',
    recordings: [],
    alerts: infrastructureAlerts,
  },
];
