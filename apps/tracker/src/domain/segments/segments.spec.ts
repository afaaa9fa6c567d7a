import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity, TaskType } from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  AlertState,
  type Breakdown,
  type SegmentFigures,
  type Snapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { mulberry32 } from '@moola/contracts/mulberry32';
import type { ObservationRow } from '@moola/contracts/rows';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { labelledRow, predictionRow } from '../../testing/observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition } from '../../testing/tracker-story.js';
import { createTracker } from '../tracker.js';

const beginMs = 1_000_000 * minuteMs;
const tracker = createTracker({ windowsMs: [minuteMs] });

/** So many labels with these segments a minute, of which so many are right. */
interface Traffic {
  readonly segments: Record<string, string>;
  readonly right: number;
  readonly wrong: number;
}

/** Each minute the same traffic, then a tick. */
function minutes(count: number, traffic: readonly Traffic[], from = 0): TestRow<ObservationRow>[] {
  return Array.from({ length: count }, (_, minute) => {
    const timeMs = beginMs + (from + minute) * minuteMs + 1000;
    const rows = traffic.flatMap(({ segments, right, wrong }) =>
      Array.from({ length: right + wrong }, (_, i): TestRow<ObservationRow>[] => [
        { data: predictionRow({ timeMs, segments, latencyMs: 10 }) },
        { data: labelledRow({ knownAtMs: timeMs, segments, truth: i < right ? '1' : '0' }) },
      ]).flat(),
    );
    return [...rows, { tick: beginMs + (from + minute + 1) * minuteMs + 1 }];
  }).flat();
}

const eu: Traffic = { segments: { region: 'eu' }, right: 20, wrong: 0 };
const us: Traffic = { segments: { region: 'us' }, right: 20, wrong: 0 };
const badAsia: Traffic = { segments: { region: 'asia' }, right: 6, wrong: 14 };

function snapshots(rows: readonly TestRow<ObservationRow>[]) {
  return runProcessor(tracker, rows).flatMap(({ topic, content }) =>
    topic === 'snapshots' && content.kind === 'data' ? [(content.value as Snapshot).kind] : [],
  );
}

function lastBreakdown(rows: readonly TestRow<ObservationRow>[]): Breakdown {
  const last = snapshots(rows).findLast(({ case: kind }) => kind === 'breakdown');
  if (last?.case !== 'breakdown') throw new Error('no breakdown was published');
  return last.value;
}

const nameOf = ({ key, value, other }: SegmentFigures): string => `${key}=${other ? '(other)' : value}`;
const figure = ({ figures }: SegmentFigures, metric: string) => figures.find((each) => each.metric === metric);

describe('segments', () => {
  it('have figures of their own, and the bad one is found though nobody named it', () => {
    const { segments, compared } = lastBreakdown([{ definition: modelDefinition() }, ...minutes(6, [eu, us, badAsia])]);
    expect(compared).toBe('accuracy');
    expect(segments.map((each) => [nameOf(each), each.worse])).toEqual([
      ['region=asia', true],
      ['region=eu', false],
      ['region=us', false],
    ]);
    const [asia] = segments as [SegmentFigures];
    expect(figure(asia, 'accuracy')).toMatchObject({ value: 0.3, samples: 80 });
    expect(figure(asia, 'latency_p95')?.samples).toBe(80);
    expect(asia.difference).toBeCloseTo(-0.7, 12);
    expect(asia.adjustedPValue).toBeLessThan(1e-12);
  });

  it('that differ by chance are seldom called worse', () => {
    const next = mulberry32(1);
    const random = (): number => next() / 2 ** 32;
    let found = 0;
    for (let story = 0; story < 40; story++) {
      const traffic = Array.from({ length: 20 }, (_, i) => {
        const right = Array.from({ length: 40 }, () => random() < 0.8).filter(Boolean).length;
        return { segments: { shop: `s${i}` }, right, wrong: 40 - right };
      });
      const { segments } = lastBreakdown([{ definition: modelDefinition() }, ...minutes(1, traffic)]);
      found += segments.some(({ worse }) => worse) ? 1 : 0;
    }
    // No segment differs: then the share of stories in which any is called worse is at most the rate.
    expect(found).toBeLessThanOrEqual(4);
  });

  it('are not compared with fewer than 30 samples on a side', () => {
    const few = { ...badAsia, right: 2, wrong: 27 };
    const { segments } = lastBreakdown([{ definition: modelDefinition() }, ...minutes(1, [eu, us, few])]);
    expect(segments.map(({ difference }) => difference)).toEqual([undefined, undefined, undefined]);
    expect(segments.some(({ worse }) => worse)).toBe(false);
  });

  it('beyond the most that are told apart are counted together, by label', () => {
    const traffic = Array.from({ length: 1000 }, (_, i) => ({ segments: { user: `u${i}` }, right: 1, wrong: 0 }));
    const definition = modelDefinition({ segments: { most: 3 } });
    const { segments } = lastBreakdown([{ definition }, ...minutes(1, traffic)]);
    expect(segments.map((each) => [nameOf(each), figure(each, 'labels')?.value])).toEqual([
      ['user=u0', 1],
      ['user=u1', 1],
      ['user=u2', 1],
      ['user=(other)', 997],
    ]);
  });

  it('of labels that the model does not watch are not counted', () => {
    const traffic = [{ segments: { region: 'eu', user: 'u1' }, right: 30, wrong: 0 }];
    const definition = modelDefinition({ segments: { keys: ['region'], most: 50 } });
    expect(lastBreakdown([{ definition }, ...minutes(1, traffic)]).segments.map(nameOf)).toEqual(['region=eu']);
    const none = modelDefinition({ segments: { most: 0 } });
    expect(lastBreakdown([{ definition: none }, ...minutes(1, traffic)]).segments).toEqual([]);
  });

  it('are dropped when another definition watches them no more, and begin anew when one does', () => {
    const traffic = [{ segments: { region: 'eu', tier: 'gold' }, right: 30, wrong: 0 }];
    const rows = [
      { definition: modelDefinition() },
      ...minutes(2, traffic),
      { definition: modelDefinition({ segments: { keys: ['tier'], most: 50 } }) },
      ...minutes(1, traffic, 2),
    ];
    expect(lastBreakdown(rows).segments.map((each) => [nameOf(each), figure(each, 'labels')?.value])).toEqual([
      ['tier=gold', 90],
    ]);
    const again = [...rows, { definition: modelDefinition() }, ...minutes(1, traffic, 3)];
    expect(lastBreakdown(again).segments.map((each) => [nameOf(each), figure(each, 'labels')?.value])).toEqual([
      ['region=eu', 30],
      ['tier=gold', 120],
    ]);
  });

  it('are told apart by characters that keys use, and keep values such as __proto__', () => {
    const traffic = [{ a: 'b/c' }, { 'a/b': 'c' }, { a: '__proto__' }].map((segments) => ({
      segments,
      right: 1,
      wrong: 0,
    }));
    const { segments } = lastBreakdown([{ definition: modelDefinition() }, ...minutes(1, traffic)]);
    expect(segments.map(nameOf)).toEqual(['a=__proto__', 'a=b/c', 'a/b=c']);
  });

  it('have rules of their own: one fires on its segment alone', () => {
    const drop = (name: string, segment?: { key: string; value: string }) =>
      ruleDefinition(name, {
        ...{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.5, windowMs: 5 * minuteMs },
        ...{ forMs: minuteMs, severity: Severity.WARNING, ...(segment && { segment }) },
      });
    const rows = [
      { definition: modelDefinition({ segments: { most: 0 } }) },
      { definition: drop('Everywhere') },
      { definition: drop('InAsia', { key: 'region', value: 'asia' }) },
      { definition: drop('InEurope', { key: 'region', value: 'eu' }) },
      ...minutes(6, [eu, us, badAsia]),
    ];
    const firing = snapshots(rows).flatMap((kind) =>
      kind.case === 'alert' && kind.value.to === AlertState.FIRING ? [kind.value] : [],
    );
    expect(firing.map(({ rule }) => rule)).toEqual(['InAsia']);
    expect(firing[0]).toMatchObject({
      figure: { metric: 'accuracy', value: 0.3 },
      definition: { segment: { key: 'region', value: 'asia' } },
    });
  });

  it('have budget lines of their own', () => {
    const line = {
      metric: 'accuracy',
      comparator: Comparator.BELOW,
      limit: 0.5,
      severity: Severity.WARNING,
      minimumSamples: 5,
    };
    const lines = [line, { ...line, segment: { key: 'region', value: 'asia' } }];
    const definition = modelDefinition({ budget: { windowMs: 5 * minuteMs, lines } });
    const budgets = snapshots([{ definition }, ...minutes(6, [eu, us, badAsia])]).flatMap((kind) =>
      kind.case === 'budget' ? [kind.value] : [],
    );
    const last = budgets.at(-1)?.lines ?? [];
    expect(last.map(({ verdict, segment }) => [verdict, segment?.value])).toEqual([
      [2, undefined],
      [3, 'asia'],
    ]);
  });
});

describe('a breakdown', () => {
  it('has the confusion of a binary model, by its positive class', () => {
    const traffic = [{ segments: {}, right: 30, wrong: 10 }];
    const { classes, confusion } = lastBreakdown([{ definition: modelDefinition() }, ...minutes(1, traffic)]);
    expect(classes.map(({ name, other, truths, answered, right }) => [name, other, truths, answered, right])).toEqual([
      ['1', false, 30, 40, 30],
      ['', true, 10, 0, 0],
    ]);
    expect(confusion.map(({ answered, truth, count }) => [answered, truth, count])).toEqual([
      [0, 0, 30],
      [0, 1, 10],
    ]);
  });

  it('has the classes of a multiclass model, the most frequent first and the rest as one', () => {
    const timeMs = beginMs + 1000;
    const rows: TestRow<ObservationRow>[] = [{ definition: modelDefinition({ task: TaskType.MULTICLASS }) }];
    for (let i = 0; i < 25; i++) {
      for (let n = 0; n <= 25 - i; n++) {
        rows.push({ data: labelledRow({ knownAtMs: timeMs, class: n === 0 ? 'c0' : `c${i}`, truth: `c${i}` }) });
      }
    }
    const { classes, confusion } = lastBreakdown([...rows, { tick: beginMs + minuteMs + 1 }]);
    expect(classes).toHaveLength(21);
    expect(classes[0]).toMatchObject({ name: 'c0', truths: 26, answered: 26 + 24, right: 26 });
    expect(classes[20]).toMatchObject({ other: true, truths: 6 + 5 + 4 + 3 + 2, right: 5 + 4 + 3 + 2 + 1 });
    const total = confusion.reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe(classes.reduce((sum, { truths }) => sum + truths, 0));
    expect(confusion).toContainEqual(expect.objectContaining({ answered: 0, truth: 20, count: 5 }));
  });

  it('has what scores came to, by tenths', () => {
    const timeMs = beginMs + 1000;
    const label = (score: number, truth: string) => ({ data: labelledRow({ knownAtMs: timeMs, score, truth }) });
    const rows = [
      label(0.05, '0'),
      label(0.91, '1'),
      label(0.99, '0'),
      label(1, '1'),
      { tick: beginMs + minuteMs + 1 },
    ];
    const { scores } = lastBreakdown([{ definition: modelDefinition() }, ...rows]);
    expect(scores).toMatchObject([
      { from: 0, to: 0.1, count: 1, meanScore: 0.05, cameTrue: 0 },
      { from: 0.9, to: 1, count: 3, cameTrue: 2 },
    ]);
  });

  it('has the residuals of a regression, exactly as the outcomes were, over its window and no longer', () => {
    const random = mulberry32(2);
    const residual = (): number => Math.fround(20 * (random() / 2 ** 32) - 12);
    const minute = (index: number, residuals: readonly number[]): TestRow<ObservationRow>[] => [
      ...residuals.map((value) => ({
        data: labelledRow({ knownAtMs: beginMs + index * minuteMs + 1000, class: '', value, truthValue: 0 }),
      })),
      { tick: beginMs + (index + 1) * minuteMs + 1 },
    ];
    const all = Array.from({ length: 9 }, () => Array.from({ length: 40 }, residual));
    const definition = modelDefinition({ task: TaskType.REGRESSION, budget: { windowMs: 5 * minuteMs } });
    const { residuals } = lastBreakdown([{ definition }, ...all.flatMap((each, index) => minute(index, each))]);
    // The minute that begins with the tick is the fifth.
    const held = all.slice(-4).flat();
    expect(residuals).toMatchObject({ count: held.length, below: 0, above: 0 });
    expect(residuals?.bias).toBeCloseTo(held.reduce((sum, each) => sum + each, 0) / held.length, 9);
    expect(residuals?.bars.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i - 12, i - 11]),
    );
    expect(residuals?.bars.map(({ count }) => count)).toEqual(
      Array.from({ length: 20 }, (_, i) => held.filter((each) => each > i - 12 && each <= i - 11).length),
    );
    expect(lastBreakdown([{ definition: modelDefinition() }, ...minutes(1, [eu])]).residuals).toBeUndefined();
  });
});
