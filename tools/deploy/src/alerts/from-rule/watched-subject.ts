import { Compare, type RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { formatDuration } from '@moola/contracts/definitions/durations';
import { exposedSubjectMetrics, subjectLabel } from '@moola/metrics/exposed-metrics';
import { shownWindowMs, type SubjectName } from '@moola/metrics/subject-metric';
import { once } from '../../console-metrics.js';
import { inWatchedEnvironment, watchedEnvironment } from '../watched-environment.js';
import type { Beside, Watched } from './watched.js';

const examples: Readonly<Record<SubjectName, string>> = { job: 'fit-7', instance: 'pod-3', measurement: 'revenue' };

/** Each training job that has not finished, or each instance, of every model in `live`. */
export function watchedSubject(name: string, rule: RuleDefinition): Watched {
  const exposed = exposedSubjectMetrics.find(({ metric }) => metric.name === rule.metric);
  if (exposed === undefined) throw new Error(`there is no metric ${rule.metric}`);
  const { subject, ofWindow, title } = exposed.metric;
  const label = subjectLabel[subject];
  const windowMs = shownWindowMs[subject];
  refuse(name, rule, ofWindow ? windowMs : 0);
  const selector = `${inWatchedEnvironment}${rule.model === '' ? '' : `, model="${rule.model}"`}`;
  const model = rule.model === '' ? 'fraud' : rule.model;
  const over = ofWindow ? ` over ${formatDuration(windowMs)}` : '';
  const isJob = subject === 'job';
  const state = (finished: boolean): readonly Beside[] =>
    isJob ? [{ metric: 'moola_job_state', labels: { state: 'finished' }, value: finished ? 1 : 0 }] : [];
  return {
    figure: once(`${exposed.name}{${selector}}`),
    // Its last figures are still there for a day, and its alerts have ended.
    provided: isJob
      ? `unless on (environment, model, ${label}) ${once(`moola_job_state{${selector}, state="finished"}`)} == 1`
      : '',
    inBaseUnit: exposed.inBaseUnit,
    labels: { environment: watchedEnvironment, model, [label]: examples[subject] },
    ...{ metric: exposed.name, beside: state(false) },
    describe: (value) =>
      `${title}${over}: ${value}. Moola's own rule of this name opens the incident, unless rules of yours stand in its place: see the console.`,
    exempt: isJob ? [{ name: 'does not fire on a job that has finished', beside: state(true) }] : [],
  };
}

/** What is exposed of jobs and instances cannot answer every rule. */
function refuse(name: string, rule: RuleDefinition, windowMs: number): void {
  const wrong =
    (rule.windowMs !== windowMs && `its window is not ${formatDuration(windowMs)}`) ||
    (rule.compare !== Compare.FIGURE && 'it compares something else than the figure') ||
    (rule.minimumSamples > 1 && 'it asks for several reports') ||
    (rule.onMissing && 'it is on missing data');
  if (wrong) throw new Error(`Prometheus cannot judge the rule ${name}: ${wrong}`);
}
