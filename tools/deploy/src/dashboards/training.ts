import { exposedSubjectMetrics, subjectLabel } from '@moola/metrics/exposed-metrics';
import type { MetricUnit } from '@moola/metrics/metric';
import type { SubjectName } from '@moola/metrics/subject-metric';
import { orNone } from '../alerts/grown.js';
import { once } from '../console-metrics.js';
import { environment, type Board } from './board.js';
import { bad, lines, stat, states, step } from './panels.js';

const of = 'environment=~"$environment", model=~"$model"';
const alertsOf: Readonly<Record<SubjectName, string>> = {
  job: 'training jobs',
  instance: 'instances',
  measurement: 'measurements',
};
const legendOf = (subject: SubjectName): string => `{{environment}} {{model}} {{${subjectLabel[subject]}}}`;

/** Grafana's units of what is exposed; others are plain numbers. */
const units: Partial<Record<MetricUnit, string>> = {
  ...{ ratio: 'percentunit', ms: 's', min: 's', bytes: 'bytes', 'bytes/s': 'Bps' },
};

/** A panel for each metric of jobs, of instances or of measurements: a new one is here by itself. */
const figures = (subject: SubjectName) =>
  exposedSubjectMetrics
    .filter(({ metric }) => metric.subject === subject)
    .map(({ metric, name, help }) =>
      lines(
        { title: metric.title, description: help, unit: units[metric.unit] ?? 'short', span: 12 },
        [{ expr: once(`${name}{${of}}`), legend: legendOf(subject) }],
        'right',
      ),
    );

const alerts = (subject: SubjectName) =>
  states(
    {
      title: `Alerts on ${alertsOf[subject]}`,
      description: "Red: the rule's alert fires. Those that have never fired are not there.",
      ...{ unit: 'short', span: 24 },
    },
    [
      {
        expr: `max by (environment, model, ${subjectLabel[subject]}, rule) (moola_${subject}_alert_firing{${of}})`,
        legend: `${legendOf(subject)} {{rule}}`,
      },
    ],
  );

const jobsIn = (state: string, description: string, thresholds = bad) =>
  stat(
    { title: `Jobs ${state}`, description, unit: 'short', span: 4 },
    { expr: `sum(${once(`moola_job_state{${of}, state="${state}"}`)})`, legend: state },
    thresholds,
  );

const silence = once(`moola_instance_silence_seconds{${of}}`);

/** Training jobs, what models run on, and what is measured of them. */
export const training: Board = {
  name: 'training',
  title: 'training and infrastructure',
  description:
    'Training jobs, the instances that models run on, and what your own systems measure, as they report it (docs/events.md).',
  variables: [
    environment,
    {
      name: 'model',
      label: 'Model',
      values:
        'label_values({__name__=~"moola_job_state|moola_instance_silence_seconds|moola_measurement_silent_seconds"}, model)',
      choice: 'several',
    },
  ],
  rows: {
    Now: [
      jobsIn('running', 'Training jobs that make steps.', [step('green', null)]),
      jobsIn('stalled', 'Training jobs without a step for 30 minutes.'),
      jobsIn('failed', 'Training jobs that failed within the last day.'),
      jobsIn('finished', 'Training jobs that finished within the last day.', [step('green', null)]),
      stat(
        { title: 'Instances', description: 'Of which a sample came within an hour.', unit: 'short', span: 4 },
        { expr: `count(${silence})`, legend: 'instances' },
        [step('green', null)],
      ),
      stat(
        { title: 'Instances silent', description: 'Without a sample for two minutes.', unit: 'short', span: 4 },
        { expr: `sum(${silence} > bool 120)`, legend: 'silent' },
        bad,
      ),
    ],
    'Training jobs': [alerts('job'), ...figures('job')],
    Instances: [alerts('instance'), ...figures('instance')],
    'Asked of Prometheus servers': [
      lines(
        {
          title: 'Instances of the last answer',
          description: 'By definition of kind Infrastructure. 0: the server did not answer, or had no series.',
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: orNone(
              'max by (environment, definition) (moola_collector_infrastructure_instances{environment=~"$environment"})',
              'definition',
            ),
            legend: '{{environment}} {{definition}}',
          },
        ],
      ),
      lines(
        {
          title: 'Problems of the last answer',
          description: 'What could not be used of it: moola instances says it in words.',
          ...{ unit: 'short', span: 12 },
        },
        [
          {
            expr: orNone(
              'max by (environment, definition) (moola_collector_infrastructure_problems{environment=~"$environment"})',
              'definition',
            ),
            legend: '{{environment}} {{definition}}',
          },
        ],
      ),
    ],
    Measurements: [alerts('measurement'), ...figures('measurement')],
  },
};
