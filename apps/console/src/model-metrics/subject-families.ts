import { figureValue } from '@moola/metrics/figure-value';
import { exposedSubjectMetrics, subjectLabel } from '@moola/metrics/exposed-metrics';
import { subjectNames, type SubjectName } from '@moola/metrics/subject-metric';
import type { AlertView, FigureView } from '../read-model/views.js';
import type { ModelFold } from '../read-model/model-fold.js';
import { jobStates, type MeasurementView } from '../read-model/subject-views.js';
import { modelLabels, type ExposedEnvironment, type Family, type Sample } from './model-family.js';

/** A training job, an instance or a measurement whose figures are exposed. */
interface ExposedSubject {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
  readonly figures: readonly FigureView[];
  readonly alerts: readonly AlertView[];
}

type NamedFigures = Pick<ExposedSubject, 'state' | 'figures'> & { readonly name: string };

const words: Readonly<Record<SubjectName, string>> = {
  job: 'training job',
  instance: 'instance',
  measurement: 'measurement',
};

/** The figures of training jobs, instances and measurements, their states and their alerts. */
export function subjectFamilies(environments: readonly ExposedEnvironment[], atMost: number): Family[] {
  const jobs = subjectsOf(environments, 'job', atMost);
  const of: Readonly<Record<SubjectName, readonly ExposedSubject[]>> = {
    job: jobs,
    instance: subjectsOf(environments, 'instance', atMost),
    measurement: subjectsOf(environments, 'measurement', atMost),
  };
  const figures = exposedSubjectMetrics.map(({ metric, name, help, inBaseUnit }): Family => {
    const samples = of[metric.subject].flatMap(({ labels, figures: all }): Sample[] => {
      const value = figureValue(all, metric.name);
      return value === null ? [] : [{ labels, value: inBaseUnit(value) }];
    });
    return { name, help, labels: [...modelLabels, subjectLabel[metric.subject]], samples };
  });
  const states: Family = {
    name: 'moola_job_state',
    help: '1 for the state that the training job is in, 0 for the others: stalled, failed, running, finished.',
    labels: [...modelLabels, subjectLabel.job, 'state'],
    samples: jobs.flatMap(({ labels, state: is }) =>
      jobStates.map((state) => ({ labels: { ...labels, state }, value: state === is ? 1 : 0 })),
    ),
  };
  const alerts = subjectNames.map((kind): Family => ({
    name: `moola_${kind}_alert_firing`,
    help: `1 while the rule's alert on the ${words[kind]} fires, else 0.`,
    labels: [...modelLabels, subjectLabel[kind], 'rule', 'severity'],
    samples: of[kind].flatMap(({ labels, alerts: all }) =>
      all.map(({ rule, severity, state }) => ({
        labels: { ...labels, rule, severity },
        value: state === 'firing' ? 1 : 0,
      })),
    ),
  }));
  return [...figures, states, ...notCounted(environments), ...alerts];
}

/** What is exposed of those of a model, at the environment's time. */
const figuresIn: Readonly<Record<SubjectName, (of: ModelFold, clockMs: number | null) => NamedFigures[]>> = {
  job: ({ jobs }, clockMs) => jobs.summaries(clockMs).map(({ job, state, figures }) => ({ name: job, state, figures })),
  instance: ({ instances }, clockMs) =>
    instances.views(clockMs).map(({ instance, figures }) => ({ name: instance, state: '', figures })),
  measurement: ({ measurements }, clockMs) =>
    measurements
      .views(clockMs)
      .filter(({ other }) => !other)
      .map(({ measurement, figures }) => ({ name: measurement, state: '', figures })),
};

/** Values of measurements that no figure holds: by model. */
function notCounted(environments: readonly ExposedEnvironment[]): Family[] {
  const sum = (of: (view: MeasurementView) => number): Sample[] =>
    environments.flatMap(({ fold: { environment, models } }) =>
      [...models.keys()].sort().flatMap((model) => {
        const views = models.get(model)!.measurements.views(null);
        if (views.length === 0) return [];
        return [{ labels: { environment, model }, value: views.reduce((total, view) => total + of(view), 0) }];
      }),
    );
  return [
    {
      name: 'moola_measurement_values_of_other_names',
      help: 'Values of names that came after as many as are told apart: they are only counted.',
      labels: modelLabels,
      samples: sum(({ other, values }) => (other ? values : 0)),
    },
    {
      name: 'moola_measurement_values_of_other_unit',
      help: 'Values in another unit than the measurement has: they are only counted.',
      labels: modelLabels,
      samples: sum(({ valuesOfOtherUnit }) => valuesOfOtherUnit),
    },
  ];
}

/** By model and name, so that one that is there stays there. */
function subjectsOf(
  environments: readonly ExposedEnvironment[],
  kind: SubjectName,
  atMost: number,
): readonly ExposedSubject[] {
  const all = environments.flatMap(({ fold: { environment, models, clockMs } }) =>
    [...models.keys()].sort().flatMap((model) => {
      const fold = models.get(model)!;
      const subjects = figuresIn[kind](fold, clockMs);
      if (subjects.length === 0) return [];
      const alerts = fold.alertViews();
      return subjects
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, state, figures }) => ({
          labels: { environment, model, [subjectLabel[kind]]: name },
          ...{ state, figures },
          alerts: alerts.filter(({ subject }) => subject?.kind === kind && subject.name === name),
        }));
    }),
  );
  return all.slice(0, atMost);
}
