import { Compare, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { alertRules } from './alert-rules.js';

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
}

/** What was measured of the versions that served: the most samples by window and metric. */
export class MeasuredSamples {
  private readonly most = new Map<string, number>();

  take({ kind }: Snapshot): void {
    if (kind.case !== 'window' || !kind.value.serving) return;
    for (const { metric, samples, value } of kind.value.figures) {
      if (value === undefined) continue;
      const key = keyOf(kind.value.windowMs, metric);
      if (samples > (this.most.get(key) ?? 0)) this.most.set(key, samples);
    }
  }

  of(windowMs: number, metric: string): number {
    return this.most.get(keyOf(windowMs, metric)) ?? 0;
  }
}

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
    const most = samples.of(windowMs, metric);
    const lacksBaseline = !hasKnownGood && needsBaseline(metric, compare);
    if (rule.onMissing || (most >= needed && most > 0 && !lacksBaseline)) return [];
    return [{ name, metric, windowMs, needed, most, lacksBaseline }];
  });
}

function needsBaseline(metric: string, compare: Compare): boolean {
  const relative = [Compare.RATIO_TO_BASELINE, Compare.DIFFERENCE_TO_BASELINE].includes(compare);
  return relative || metric === 'accuracy_degradation' || metric === 'latency_increase';
}
