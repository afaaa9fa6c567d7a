import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  AlertState,
  SubjectKind,
  type MeasurementSnapshot,
  type Snapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { measurementRow } from '../../testing/observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

function heard(snapshots: readonly Snapshot[]): string[] {
  return snapshots.flatMap(({ atMs, kind }) => {
    if (kind.case !== 'alert' || kind.value.subject?.kind !== SubjectKind.MEASUREMENT) return [];
    const { rule, subject, to, reason } = kind.value;
    if (to === AlertState.PENDING || to === AlertState.INACTIVE) return [];
    return [`${atMs / minuteMs}: ${rule} on ${subject.name} ${AlertState[to]}, ${reason}`];
  });
}
const shownOf = (snapshots: readonly Snapshot[]): MeasurementSnapshot[] =>
  snapshots.flatMap(({ kind }) => (kind.case === 'measurement' ? [kind.value] : []));
const valuesOf = ({ figures }: MeasurementSnapshot) =>
  Object.fromEntries(
    figures.map(({ metric, value, samples }) => [metric.replace('measurement_', ''), [value, samples]]),
  );

const sumBelow = (name: string, measurement: string, limit: number) =>
  ruleDefinition(name, {
    ...{ metric: 'measurement_sum', comparator: Comparator.BELOW, limit, windowMs: 10 * minuteMs },
    ...{ match: { measurement: [measurement] }, severity: Severity.WARNING },
  });

/** A value a minute, each followed by a tick. */
function sell(story: TrackerStory, [from, to]: readonly [number, number], value: number, name = 'revenue') {
  for (let minute = from; minute <= to; minute++)
    story.row(measurementRow(minute * minuteMs, value, { name, unit: 'USD' })).tick(minute + 0.5);
  return story;
}

describe('measurements in the tracker', () => {
  it('are published with their figures over an hour, and again each minute while it holds any', () => {
    const story = new TrackerStory(modelDefinition());
    for (const [minute, value] of [
      [1, 10],
      [2, -4.5],
      [2, 0.25],
    ] as const)
      story.row(measurementRow(minute * minuteMs, value, { unit: 'USD' }));
    for (let minute = 3; minute <= 90; minute++) story.tick(minute);
    const shown = shownOf(story.snapshots());
    expect(shown[0]).toMatchObject({ measurement: 'revenue', unit: 'USD', values: 3, heardMs: 2 * minuteMs });
    expect(valuesOf(shown[0]!)).toEqual({
      ...{ mean: [5.75 / 3, 3], sum: [5.75, 3], count: [3, 3], minimum: [-4.5, 3], maximum: [10, 3] },
      ...{ last: [0.25, 3], silent: [1, 3] },
    });
    expect(valuesOf(shown.at(-1)!)).toMatchObject({
      mean: [undefined, 0],
      sum: [0, 3],
      count: [0, 3],
      last: [0.25, 3],
    });
    expect(shown.length).toBeGreaterThan(55);
    expect(shown.length).toBeLessThan(65);
  });

  it('alert by rules that name them, and by no others', () => {
    const story = sell(
      new TrackerStory(modelDefinition(), sumBelow('Poor', 'rev*', 50), sumBelow('Cheap', 'rating', 1e9)),
      [1, 20],
      10,
    );
    for (let minute = 21; minute <= 40; minute++) story.tick(minute + 0.5);
    // 9.5 minutes hold ten values or nine: below 50 until the fifth has come, and once the fifth last has gone.
    expect(heard(story.snapshots())).toEqual([
      '1.5: Poor on revenue FIRING, condition held',
      '5.5: Poor on revenue RESOLVED, recovered',
      '26.5: Poor on revenue FIRING, condition held',
    ]);
  });

  it('alert by limits of the budget of their model', () => {
    const limit = { name: 'revenue', metric: 'measurement_sum', comparator: Comparator.BELOW, limit: 50 };
    const budget = {
      measurements: [{ ...limit, windowMs: 10 * minuteMs, severity: Severity.CRITICAL, minimumSamples: 1 }],
    };
    const story = sell(sell(new TrackerStory(modelDefinition({ budget })), [1, 6], 10), [1, 6], 1, 'tips');
    expect(heard(story.snapshots())).toEqual([
      '1.5: budget.measurement_sum.revenue on revenue FIRING, condition held',
      '5.5: budget.measurement_sum.revenue on revenue RESOLVED, recovered',
    ]);
  });

  it('alert when they are silent, and are forgotten with their alerts after a week', () => {
    const silent = ruleDefinition('NoOrders', {
      ...{ metric: 'measurement_silent', comparator: Comparator.ABOVE, limit: 30, severity: Severity.WARNING },
    });
    const story = sell(new TrackerStory(modelDefinition(), silent), [1, 1], 5);
    const week = 7 * 1440;
    for (const minute of [31, 32, week, week + 2]) story.tick(minute);
    const snapshots = story.snapshots();
    expect(heard(snapshots)).toEqual([
      '32: NoOrders on revenue FIRING, condition held',
      `${week + 2}: NoOrders on revenue RESOLVED, ended`,
    ]);
    expect(shownOf(snapshots).at(-1)).toMatchObject({ measurement: 'revenue', forgotten: true });
  });

  it('are a hundred names of a model at most; values of more names are counted together, alert nobody, and keep none out', () => {
    const silent = ruleDefinition('Any', { metric: 'measurement_count', comparator: Comparator.ABOVE, limit: 0 });
    const story = new TrackerStory(silent);
    for (let i = 0; i < 150; i++) story.row(measurementRow(i, i, { name: `name-${i}` }));
    const snapshots = story
      .row(measurementRow(200, 7, { name: 'name-99' }))
      .tick(0.5)
      .snapshots();
    const shown = shownOf(snapshots);
    expect(shown.filter(({ other }) => !other)).toHaveLength(100);
    expect(shown.find(({ measurement }) => measurement === 'name-99')).toMatchObject({ values: 2 });
    const other = shown.find((each) => each.other)!;
    expect(other).toMatchObject({ measurement: '', values: 50 });
    expect(other.figures.map(({ metric, value }) => [metric, value])).toEqual([['measurement_count', 50]]);
    expect(heard(snapshots)).toHaveLength(100);
  });
});
