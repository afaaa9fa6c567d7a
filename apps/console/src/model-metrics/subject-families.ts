import { exposedSubjectMetrics } from '@moola/metrics/exposed-metrics';
import type { AlertView, FigureView } from '../read-model/views.js';
import { jobStates } from '../read-model/subject-views.js';
import { modelLabels, type ExposedEnvironment, type Family, type Sample } from './model-family.js';

/** A training job or an instance whose figures are exposed. */
interface ExposedSubject {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
  readonly figures: readonly FigureView[];
  readonly alerts: readonly AlertView[];
}

/** The labels that name them; `job` and `instance` are labels that Prometheus sets itself, to what it scrapes. */
const labelOf = { job: 'training_job', instance: 'serving_instance' } as const;

/** The figures of training jobs and of instances, their states and their alerts. */
export function subjectFamilies(environments: readonly ExposedEnvironment[], atMost: number): Family[] {
  const jobs = subjectsOf(environments, 'job', atMost);
  const instances = subjectsOf(environments, 'instance', atMost);
  const of = { job: jobs, instance: instances } as const;
  const figures = exposedSubjectMetrics.map(({ metric, name, help, inBaseUnit }): Family => {
    const samples = of[metric.subject].flatMap(({ labels, figures: all }): Sample[] => {
      const value = all.find((figure) => figure.metric === metric.name)?.value ?? null;
      return value === null ? [] : [{ labels, value: inBaseUnit(value) }];
    });
    return { name, help, labels: [...modelLabels, labelOf[metric.subject]], samples };
  });
  const states: Family = {
    name: 'moola_job_state',
    help: '1 for the state that the training job is in, 0 for the others: stalled, failed, running, finished.',
    labels: [...modelLabels, labelOf.job, 'state'],
    samples: jobs.flatMap(({ labels, state: is }) =>
      jobStates.map((state) => ({ labels: { ...labels, state }, value: state === is ? 1 : 0 })),
    ),
  };
  const alerts = (['job', 'instance'] as const).map((kind): Family => ({
    name: `moola_${kind}_alert_firing`,
    help: `1 while the rule's alert on the ${kind === 'job' ? 'training job' : 'instance'} fires, else 0.`,
    labels: [...modelLabels, labelOf[kind], 'rule', 'severity'],
    samples: of[kind].flatMap(({ labels, alerts: all }) =>
      all.map(({ rule, severity, state }) => ({
        labels: { ...labels, rule, severity },
        value: state === 'firing' ? 1 : 0,
      })),
    ),
  }));
  return [...figures, states, ...alerts];
}

/** By model and name, so that one that is there stays there. */
function subjectsOf(
  environments: readonly ExposedEnvironment[],
  kind: 'job' | 'instance',
  atMost: number,
): readonly ExposedSubject[] {
  const all = environments.flatMap(({ fold: { environment, models, clockMs } }) =>
    [...models.keys()].sort().flatMap((model) => {
      const fold = models.get(model)!;
      const subjects =
        kind === 'job'
          ? fold.jobs.summaries(clockMs).map(({ job, state, figures }) => ({ name: job, state, figures }))
          : fold.instances.views(clockMs).map(({ instance, figures }) => ({ name: instance, state: '', figures }));
      if (subjects.length === 0) return [];
      const alerts = fold.alertViews();
      return subjects
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, state, figures }) => ({
          labels: { environment, model, [labelOf[kind]]: name },
          ...{ state, figures },
          alerts: alerts.filter(({ subject }) => subject?.kind === kind && subject.name === name),
        }));
    }),
  );
  return all.slice(0, atMost);
}
