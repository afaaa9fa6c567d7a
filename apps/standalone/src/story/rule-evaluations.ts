import { comparesBaseline } from '@moola/contracts/definitions/compares';
import type { Compare } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Figure, Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { subjectMetricNamed } from '@moola/metrics/catalogue';
import type { SubjectName } from '@moola/metrics/subject-metric';
import { alertRules } from '@moola/rules/alert-rules';

/** A rule that never had what it needs to say anything. */
export interface UnevaluatedRule {
  readonly name: string;
  readonly metric: string;
  readonly windowMs: number;
  readonly needed: number;
  /** The most samples that the serving version had in its window; 0: it had no figure. */
  readonly most: number;
  /** It compares with the figures of a version that is known good, and none became so. */
  readonly lacksBaseline: boolean;
  /** Of a rule on jobs, on instances or on measurements: which of them. */
  readonly subject?: SubjectName;
}

/** What was measured of the versions that served, and of jobs, instances and measurements: the most samples by window and metric. */
export class MeasuredSamples {
  private readonly most = new Map<string, number>();

  take({ kind }: Snapshot): void {
    if (kind.case === 'job' || kind.case === 'instance' || kind.case === 'measurement')
      this.takeFigures(ofSubjects, kind.value.figures);
    if (kind.case === 'window' && kind.value.serving) this.takeFigures(kind.value.windowMs, kind.value.figures);
  }

  private takeFigures(windowMs: number, figures: readonly Figure[]): void {
    for (const { metric, samples, value } of figures) {
      if (value === undefined) continue;
      const key = keyOf(windowMs, metric);
      if (samples > (this.most.get(key) ?? 0)) this.most.set(key, samples);
    }
  }

  of(windowMs: number, metric: string): number {
    return this.most.get(keyOf(windowMs, metric)) ?? 0;
  }
}

/** In place of a window: figures of jobs and instances are published over one window, whatever those of rules are. */
const ofSubjects = 0;

const keyOf = (windowMs: number, metric: string) => `${windowMs} ${metric}`;

/** The rules on a model that were never evaluated: a replay without an alert says nothing about these. */
export function unevaluatedRules(
  model: string,
  definitions: readonly Definition[],
  samples: MeasuredSamples,
  hasKnownGood: boolean,
): readonly UnevaluatedRule[] {
  return [...alertRules(model, definitions)].flatMap(([name, rule]) => {
    const { metric, windowMs, minimumSamples: needed, compare } = rule;
    const subject = subjectMetricNamed(metric)?.subject;
    if (subject !== undefined) {
      // How many samples were within the rule's own window is not published.
      const isMeasured = rule.onMissing || samples.of(ofSubjects, metric) > 0;
      return isMeasured ? [] : [{ name, metric, windowMs, needed, most: 0, lacksBaseline: false, subject }];
    }
    const most = samples.of(windowMs, metric);
    const lacksBaseline = !hasKnownGood && needsBaseline(metric, compare);
    if (rule.onMissing || (most >= needed && most > 0 && !lacksBaseline)) return [];
    return [{ name, metric, windowMs, needed, most, lacksBaseline }];
  });
}

function needsBaseline(metric: string, compare: Compare): boolean {
  return comparesBaseline(compare) || metric === 'accuracy_degradation' || metric === 'latency_increase';
}
