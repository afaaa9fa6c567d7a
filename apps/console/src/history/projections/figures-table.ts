import type { Figure } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { boolean, model, number, role, rolled, text, version } from '../schema/columns.js';
import { keptByDefault, type RollupTable, type Value } from '../schema/table.js';
import type { RowSink } from './projection.js';

/**
 * Figures as they were published: of windows, of segments within them, of jobs, instances and measurements. A window's
 * figure cannot be added up, so a bucket has the one that was published last in it, with its sample count and interval, and
 * the least and the most that was published.
 */
export const figures: RollupTable = {
  ...{ kind: 'rollup', name: 'figures' },
  text: 'Figures as they stood at the end of each bucket: of windows, segments, training jobs, instances and measurements.',
  series: [
    model,
    version,
    role,
    number('windowMs', 'Length of the window that the figure is read over, milliseconds; 0 where there is none.'),
    text('dimension', 'What it is about: empty (all traffic), segment:<key>, job, instance or measurement.'),
    text('member', 'Which one: the value of the segment, the name of the job, instance or measurement.'),
    text('metric', 'The metric: docs/metrics.md.'),
  ],
  values: [
    rolled('last', number('value', 'The last that was published in the bucket; null: too few samples to say.')),
    rolled('last', number('lower', 'Lower end of its interval; null without one.')),
    rolled('last', number('upper', 'Upper end of its interval; null without one.')),
    rolled('last', number('samples', 'What it rests on: labels, positives or predictions, as the metric needs.')),
    rolled('last', boolean('serving', 'Whether the version served.')),
    rolled('least', number('least', 'The least that was published in the bucket.')),
    rolled('most', number('most', 'The most that was published in the bucket.')),
  ],
  kept: { minutesMs: keptByDefault.minutes, tenMinutesMs: keptByDefault.tenMinutes, hoursMs: keptByDefault.hours },
};

/** Whose figures they are. */
export interface FigureSeries {
  readonly model: string;
  readonly version: string;
  readonly role: string;
  readonly windowMs: number;
  readonly dimension: string;
  readonly member: string;
  readonly serving: boolean;
}

export function putFigures(sink: RowSink, atMs: number, of: FigureSeries, published: readonly Figure[]): void {
  for (const { metric, value, lower, upper, samples } of published) {
    const series: Value[] = [of.model, of.version, of.role, of.windowMs, of.dimension, of.member, metric];
    const known = value ?? null;
    sink.figure(figures, series, atMs, [known, lower ?? null, upper ?? null, samples, of.serving, known, known]);
  }
}
