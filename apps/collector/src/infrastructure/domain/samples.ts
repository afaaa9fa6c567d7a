import type { SampleField } from '@moola/contracts/definitions/infrastructure';
import { longestText } from '@moola/contracts/longest-text';
import { isWithin, numberLimits } from '@moola/contracts/telemetry-numbers';
import { clipped } from './clipped.js';
import type { Series } from './read-answer.js';
import { isRatio } from './sample-fields.js';

/** One figure of many instances. */
export interface FieldSeries {
  readonly field: SampleField;
  readonly series: readonly Series[];
}

/** The figures of one instance at one instant. */
export interface InstanceSample {
  readonly instance: string;
  readonly timeMs: number;
  readonly figures: Readonly<Partial<Record<SampleField, number>>>;
}

export interface Samples {
  /** By instance. */
  readonly samples: readonly InstanceSample[];
  /** Values that were not taken. */
  readonly dropped: number;
  /** Why, a line each. */
  readonly problems: readonly string[];
}

export interface SampleLimits {
  /** The label that names the instance. */
  readonly instanceLabel: string;
  /** The instant that was asked for, milliseconds since the epoch. */
  readonly askedMs: number;
}

/** An answer may be of so long ago: the look-back of Prometheus. A recorded older value says nothing of now. */
export const oldestMs = 300_000;
/** Clocks differ by so much. */
const aheadMs = 1_000;
/** `rate` extrapolates: a ratio may be beyond its end by so much, and counts as the end. */
const ratioSlack = 0.05;

/** Puts the figures of each instance together, and says what cannot be one. */
export function samplesOf(fields: readonly FieldSeries[], { instanceLabel, askedMs }: SampleLimits): Samples {
  const found = new Map<string, { instance: string; timeMs: number; figures: Partial<Record<SampleField, number>> }>();
  const dropped = new Dropped();
  for (const { field, series } of fields) {
    const twice = namesSeenTwice(series, instanceLabel);
    for (const { labels, timeMs, value } of series) {
      const instance = labels[instanceLabel];
      const problem =
        nameProblem(instance, instanceLabel, labels) ??
        (twice.has(instance) ? `is the ${instanceLabel} of several series: aggregate by it` : null) ??
        timeProblem(timeMs, askedMs);
      const figure = problem === null ? figureOf(field, value) : problem;
      if (typeof figure === 'string') {
        dropped.add(field, figure, typeof instance === 'string' ? instance : '');
        continue;
      }
      const key = `${timeMs} ${instance as string}`;
      const sample = found.get(key) ?? { instance: instance as string, timeMs, figures: {} };
      found.set(key, sample);
      sample.figures[field] = figure;
    }
  }
  const samples = [...found.values()].sort((a, b) => (a.instance < b.instance ? -1 : 1));
  return { samples, dropped: dropped.count, problems: dropped.lines() };
}

function namesSeenTwice(series: readonly Series[], label: string): ReadonlySet<unknown> {
  const seen = new Set<unknown>();
  const twice = new Set<unknown>();
  for (const { labels } of series) {
    const name = labels[label];
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return twice;
}

function nameProblem(name: unknown, label: string, labels: Series['labels']): string | null {
  if (typeof name !== 'string' || name === '') {
    const others = Object.keys(labels).filter((each) => each !== '__name__');
    const there = others.length === 0 ? 'there are no labels' : `there are ${clipped(others.join(', '))}`;
    return `has no label ${label} (${there}): aggregate by it, or set instanceLabel`;
  }
  if (name.length > longestText.name) return `has a name of more than ${longestText.name} characters`;
  return /[\p{Cc}\p{Cs}]/u.test(name) ? 'has a name with control characters' : null;
}

function timeProblem(timeMs: number, askedMs: number): string | null {
  if (timeMs > askedMs + aheadMs) return 'is of the future: the clocks of the server and the collector differ';
  return timeMs < askedMs - oldestMs ? 'is older than 5 minutes' : null;
}

/** The figure, or why the value is none. */
function figureOf(field: SampleField, value: number): number | string {
  const limits = numberLimits.infrastructureSample[field];
  if (Number.isNaN(value)) return 'is NaN, no number: a division by nothing?';
  // How cAdvisor and Linux say that there is no limit.
  if (field === 'memoryLimitBytes' && value > limits.most) return 0;
  if (isRatio(field)) {
    const nearest = Math.min(1, Math.max(0, value));
    if (Math.abs(value - nearest) <= ratioSlack) return nearest;
    const meant = value > 1 && value <= 100 ? 'a percentage? divide it by 100' : 'a ratio is from 0 to 1';
    return `is ${shown(value)}: ${meant}`;
  }
  if (isWithin(value, limits)) return value;
  return `is ${shown(value)}: it must be from 0 to ${limits.most}${limits.unit}`;
}

function shown(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? '+Inf' : '-Inf';
}

/** Counts what was not taken, by the first of its kind. */
class Dropped {
  count = 0;
  private readonly kinds = new Map<string, { count: number; readonly line: string }>();

  add(field: SampleField, why: string, instance: string): void {
    this.count++;
    // Values differ, the mistake is the same.
    const key = `${field} ${why.replace(/^is [-+\w.]+/, 'is')}`;
    const kind = this.kinds.get(key) ?? {
      count: 0,
      line: `${field}: ${instance === '' ? 'a series' : clipped(instance)} ${why}`,
    };
    kind.count++;
    this.kinds.set(key, kind);
  }

  lines(): readonly string[] {
    return [...this.kinds.values()].map(({ count, line }) => (count === 1 ? line : `${line} (and ${count - 1} more)`));
  }
}
