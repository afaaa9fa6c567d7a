import { describe, expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import type { PairBucket, PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import type { PairedComparison, Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { Random } from '@moola/streams/adapters/simulated/random';
import { runProcessor, type EmittedRow, type TestRow } from '@moola/testing/run-processor';
import { NaiveComparison } from '../story/naive-comparison.js';
import { deployment, labelled, modelDefinition, type Settings } from '../story/observation-rows.js';
import { randomTraffic } from '../story/traffic.js';
import { experimentProcessor } from './experiment-processor.js';

const minute = 60_000;
const settings: Settings = {
  bucketMs: minute,
  lag: 2,
  alpha: 0.05,
  tunedForBuckets: 60,
  minimumPairs: 2,
  designEffect: 3,
};

type Rows = TestRow<ObservationRow>[];

function comparisons(emitted: readonly EmittedRow[]): (PairedComparison & { atMs: number; offset: number })[] {
  return emitted.flatMap(({ topic, content, offset }) => {
    if (topic !== 'signals' || content.kind !== 'data') return [];
    const { atMs, kind } = content.value as Signal;
    return kind.case === 'comparison' ? [{ ...kind.value, atMs, offset }] : [];
  });
}

function buckets(emitted: readonly EmittedRow[]): (PairBucket & { atMs: number })[] {
  return emitted.flatMap(({ topic, content }) => {
    if (topic !== 'pairs' || content.kind !== 'data') return [];
    const { atMs, kind } = content.value as PairRow;
    return kind.case === 'bucket' ? [{ ...kind.value, atMs }] : [];
  });
}

/** One minute in which both versions answer an input and its truth becomes known. */
function answered(at: number, rights: Record<string, boolean>, freshness: 'new' | 'repeated' = 'new'): Rows {
  const row = { input: `input-${at}`, group: at, predictedAtMs: at * minute, knownAtMs: at * minute + 1, freshness };
  return Object.entries(rights).map(([version, right]) => ({ data: labelled(version, right, row) }));
}

const tick = (at: number): Rows => [{ tick: at * minute }];
const begin: Rows = [{ definition: modelDefinition(settings) }, { data: deployment('v1', 0) }];
const run = (rows: Rows) => comparisons(runProcessor(experimentProcessor, rows));

describe('a paired comparison', () => {
  it('is published at the tick that closes its bucket, of what serves with its shadow', () => {
    const [first, second] = run([
      ...begin,
      ...answered(0, { v0: true, v1: false }),
      ...tick(1),
      ...answered(1, { v0: true, v1: true }),
      ...tick(2),
    ]);
    expect(first).toMatchObject({ atMs: minute, first: 'v0', second: 'v1', serving: 'v1', sinceMs: 0, pairs: 1 });
    expect(second).toMatchObject({
      pairs: 2,
      firstOnly: 1,
      secondOnly: 0,
      firstCorrect: 2,
      secondCorrect: 1,
      difference: 0.5,
    });
    expect(first?.lower).toBeUndefined();
    expect(second?.lower).toBeLessThan(0.5);
  });

  it('says how recent its newest pair is, whatever comes later without one', () => {
    const late = { input: 'late', group: 9, predictedAtMs: 10, knownAtMs: 3 * minute + 2 };
    const published = run([
      ...begin,
      ...answered(1, { v0: true, v1: false }),
      ...tick(2),
      ...answered(2, { v1: true }),
      ...tick(3),
      ...['v0', 'v1'].map((version) => ({ data: labelled(version, true, late) })),
      ...tick(4),
    ]);
    expect(published.map(({ newestPairMs, newestKnownMs }) => [newestPairMs, newestKnownMs])).toEqual([
      [minute, minute + 1],
      [minute, 3 * minute + 2],
    ]);
  });

  it('has an unpaired test beside it where answers differ', () => {
    const [first] = run([...begin, ...answered(0, { v0: true, v1: false }), ...tick(1)]);
    expect(first?.unpairedPValue).toBeCloseTo(0.1573, 4);
    const [same] = run([...begin, ...answered(0, { v0: true, v1: true }), ...tick(1)]);
    expect(same?.unpairedPValue).toBeUndefined();
  });

  it('is not published while its bucket is open, nor again while nothing has changed', () => {
    const open = [...begin, ...answered(0, { v0: true, v1: false }), { tick: minute - 1 }];
    expect(run(open)).toHaveLength(0);
    expect(run([...open, ...tick(1), ...tick(2), ...tick(3)])).toHaveLength(1);
  });

  it('leaves for its own bucket what a clock ahead says was predicted later', () => {
    const ahead = { input: 'ahead', group: 7, predictedAtMs: minute + 1, knownAtMs: 1 };
    const rows = ['v0', 'v1'].map((version) => ({ data: labelled(version, true, ahead) }));
    const published = run([...begin, ...rows, ...answered(0, { v0: true, v1: true }), ...tick(1), ...tick(2)]);
    expect(published.map(({ atMs, pairs }) => [atMs / minute, pairs])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('is published once a bucket’s length, however often outcomes come', () => {
    const late = (group: number): Rows =>
      ['v0', 'v1'].map((name) => {
        const row = { input: `late-${group}`, group, predictedAtMs: 1, knownAtMs: 9 * minute };
        return { data: labelled(name, true, row) };
      });
    const often = [0, 1, 2].flatMap((i) => [...late(i), { tick: 9 * minute + 1_000 * (i + 1) }]);
    const published = run([...begin, ...tick(9), ...often, ...tick(10), ...tick(11)]);
    expect(published.map(({ atMs, pairs }) => [atMs / minute, pairs])).toEqual([[10, 3]]);
  });

  it('sends each tick on after what the tick caused', () => {
    const emitted = runProcessor(experimentProcessor, [...begin, ...answered(0, { v0: true, v1: false }), ...tick(1)]);
    expect(emitted.map(({ topic, partition, content }) => [topic, partition, content.kind])).toEqual([
      ['pairs', 'same', 'definition'],
      ['pairs', 'same', 'data'],
      ['pairs', 'same', 'data'],
      ['signals', 0, 'data'],
      ['pairs', 'same', 'tick'],
      ['signals', 0, 'tick'],
    ]);
  });

  it('counts a pair once, when the later of both answers becomes new', () => {
    const again = { input: 'input-0', group: 1, predictedAtMs: 0, knownAtMs: 1 };
    const late: Rows = [
      ...answered(0, { v1: true }),
      ...tick(1),
      { data: labelled('v1', true, { ...again, freshness: 'repeated' }) },
      { data: labelled('v0', false, again) },
      ...tick(2),
      ...['v0', 'v1'].map((name) => ({ data: labelled(name, true, { ...again, group: 2, freshness: 'repeated' }) })),
      ...tick(3),
    ];
    const pairs = run([...begin, ...late]);
    expect(pairs.map(({ pairs: count, secondOnly }) => [count, secondOnly])).toEqual([[1, 1]]);
  });

  it('replaces what a correction corrects', () => {
    const row = { input: 'input-0', group: 9, predictedAtMs: 0, knownAtMs: minute + 5, previousTruth: '1', truth: '0' };
    const corrected = [false, true].map((right, i) => ({
      data: labelled(`v${i}`, right, { ...row, freshness: 'corrected' }),
    }));
    const before = [...answered(0, { v0: true, v1: false }), ...tick(1)];
    const after = [...answered(2, { v0: true, v1: true }), ...tick(3)];
    const published = run([...begin, ...before, ...corrected, ...tick(2), ...after]);
    expect(published.map(({ pairs, firstOnly, secondOnly }) => [pairs, firstOnly, secondOnly])).toEqual([
      [1, 1, 0],
      [1, 0, 1],
      [2, 0, 1],
    ]);
  });

  it('takes back nothing that it has not counted', () => {
    const row = { input: 'before', group: 9, predictedAtMs: 0, knownAtMs: 5, previousTruth: '1', truth: '0' };
    const corrected = [false, true].map((right, i) => ({
      data: labelled(`v${i}`, right, { ...row, freshness: 'corrected' }),
    }));
    const [published] = run([...begin, ...corrected, ...answered(0, { v0: true, v1: true }), ...tick(1)]);
    expect(published).toMatchObject({ pairs: 1, firstOnly: 0, secondOnly: 0, firstCorrect: 1, secondCorrect: 1 });
  });

  it('starts anew when another version serves, and goes on with a new build', () => {
    const both = (at: number) => [...answered(at, { v0: true, v1: true }), ...tick(at + 1)];
    const build = { data: deployment('v1', 2 * minute, Role.UNSPECIFIED) };
    const again = { data: deployment('v1', 2 * minute) };
    const other = { data: deployment('v0', 3 * minute) };
    const published = run([...begin, ...both(0), ...both(1), build, again, ...both(2), other, ...both(3)]);
    expect(published.map(({ pairs, serving, sinceMs }) => [pairs, serving, sinceMs])).toEqual([
      [1, 'v1', 0],
      [2, 'v1', 0],
      [3, 'v1', 0],
      [1, 'v0', 3 * minute],
    ]);
  });

  it('leaves out what was predicted before the serving version began to serve', () => {
    const before = answered(0, { v0: true, v1: true });
    expect(
      run([{ definition: modelDefinition(settings) }, { data: deployment('v1', 1) }, ...before, ...tick(1)]),
    ).toEqual([]);
  });

  it('compares a model that nobody declared or deployed', () => {
    const [published] = run([...answered(0, { v0: true, v1: true }), { tick: 5_000 }]);
    expect(published).toMatchObject({ pairs: 1, serving: '', sinceMs: 0, atMs: 5_000 });
  });

  it('counts what it knew of the inputs since a deployment before it knew of the deployment', () => {
    const both = (at: number) => [...answered(at, { v0: true, v1: false }), ...tick(at + 1)];
    const late = { data: deployment('v0', 2 * minute) };
    const published = run([...begin, ...both(0), ...both(1), ...both(2), ...both(3), late, ...both(4)]);
    expect(published.at(-1)).toMatchObject({ serving: 'v0', sinceMs: 2 * minute, pairs: 3, buckets: 3 });
  });

  it('starts anew when the length of buckets changes, not when another setting does', () => {
    const both = (at: number) => [...answered(at, { v0: true, v1: true }), ...tick(at + 1)];
    const wider = { definition: modelDefinition({ ...settings, minimumPairs: 7 }) };
    const longer = { definition: modelDefinition({ ...settings, bucketMs: 2 * minute }) };
    const published = run([...begin, ...both(0), wider, ...both(1), longer, ...both(2), ...both(3)]);
    expect(published.map(({ pairs }) => pairs)).toEqual([1, 2, 2]);
  });

  it('starts anew, by the default settings, when its model is deleted', () => {
    const both = (at: number) => [...answered(at, { v0: true, v1: true }), ...tick(at + 1)];
    const model = modelDefinition(settings);
    const published = run([
      ...begin,
      ...both(0),
      ...both(1),
      { definition: deletionOf('model', model.name) },
      ...both(2),
    ]);
    expect(published.map(({ pairs }) => pairs)).toEqual([1, 2, 1]);
    // Two pairs are enough by its definition, not by the default.
    expect(published.map(({ lower }) => lower !== undefined)).toEqual([false, true, false]);
  });

  it('compares the eight most recent versions, and always the one that serves', () => {
    const names = ['v1', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const one = (at: number) => answered(at, Object.fromEntries(names.map((name) => [name, true])));
    const published = run([...begin, ...one(0), ...tick(1), ...one(1), ...tick(2)]).filter(
      ({ atMs }) => atMs === 2 * minute,
    );
    const compared = new Set(published.flatMap(({ first, second }) => [first, second]));
    expect([...compared].sort()).toEqual(['c', 'd', 'e', 'f', 'g', 'h', 'i', 'v1']);
    expect(published).toHaveLength(28);
  });

  it('ignores a regression, which answers no class', () => {
    const row = { input: 'x', group: 1, predictedAtMs: 0, knownAtMs: 1, class: '' };
    const rows = ['v0', 'v1'].map((version) => ({ data: labelled(version, true, row) }));
    expect(run([...begin, ...rows, ...tick(1)])).toEqual([]);
  });
});

describe('pair buckets', () => {
  it('go by the time of prediction: what becomes known late is a revision of its own bucket', () => {
    const late = { input: 'late', group: 50, predictedAtMs: 1, knownAtMs: 30 * minute };
    const rows = ['v0', 'v1'].map((version) => ({ data: labelled(version, true, late) }));
    const corrected = { ...late, group: 51, freshness: 'corrected', previousTruth: '1', truth: '0' } as const;
    const corrections = ['v0', 'v1'].map((version) => ({ data: labelled(version, false, corrected) }));
    const emitted = runProcessor(experimentProcessor, [
      ...begin,
      ...answered(0, { v0: true, v1: false }),
      ...tick(1),
      ...answered(29, { v0: true, v1: true }),
      ...tick(30),
      ...rows,
      ...tick(31),
      ...corrections,
      ...tick(32),
    ]);
    const said = buckets(emitted).map((bucket) => [
      ...[bucket.atMs, bucket.startMs, bucket.endMs].map((atMs) => atMs / minute),
      ...[bucket.revision, bucket.firstOnly, bucket.secondOnly, bucket.bothRight, bucket.bothWrong],
    ]);
    expect(said).toEqual([
      [1, 0, 1, 1, 1, 0, 0, 0],
      [30, 29, 30, 1, 0, 0, 1, 0],
      [31, 0, 1, 2, 1, 0, 1, 0],
      [32, 0, 1, 3, 1, 0, 0, 1],
    ]);
  });

  it('are cut where another version begins to serve, and go on being revised after it', () => {
    const at = (predictedAtMs: number, group: number): Rows => {
      const row = { input: `input-${group}`, group, predictedAtMs, knownAtMs: 1 };
      return ['v0', 'v1'].map((version) => ({ data: labelled(version, true, row) }));
    };
    const half = 1.5 * minute;
    const emitted = runProcessor(experimentProcessor, [
      ...begin,
      ...at(minute + 1, 1),
      { data: deployment('v0', half) },
      ...at(half, 2),
      ...tick(2),
      ...at(minute + 2, 3),
      ...at(half + 1, 4),
      ...tick(3),
    ]);
    const said = buckets(emitted).map(({ atMs, startMs, endMs, revision, bothRight }) => [
      ...[atMs, startMs, endMs].map((ms) => ms / minute),
      revision,
      bothRight,
    ]);
    expect(said).toEqual([
      [2, 1, 1.5, 1, 1],
      [2, 1.5, 2, 1, 1],
      [3, 1, 1.5, 2, 2],
      [3, 1.5, 2, 2, 2],
    ]);
    expect(comparisons(emitted).map(({ pairs, sinceMs }) => [pairs, sinceMs])).toEqual([
      [1, half],
      [2, half],
    ]);
  });

  it('carry the life of the task that counts their revisions', () => {
    const rows = [...begin, ...answered(0, { v0: true, v1: true }), ...tick(1)];
    expect(buckets(runProcessor(experimentProcessor, rows, { context: { life: 7 } }))[0]?.life).toBe(7);
  });

  it('are forgotten a label horizon after they changed last, however old they are', () => {
    const pair = (group: number, freshness: 'new' | 'corrected'): Rows =>
      ['v0', 'v1'].map((version) => {
        const row = { input: 'old', group, predictedAtMs: 0, knownAtMs: 1, freshness } as const;
        const truths = freshness === 'new' ? {} : { previousTruth: '1', truth: '0' };
        return { data: labelled(version, (version === 'v0') === (freshness === 'new'), { ...row, ...truths }) };
      });
    const day = 24 * 60;
    // History that is sent weeks later: it may be corrected for as long as any other.
    const backfilled = [...begin, ...tick(20 * day), ...pair(1, 'new'), ...tick(20 * day + 1)];
    const within = runProcessor(experimentProcessor, [
      ...backfilled,
      ...tick(21 * day),
      ...pair(2, 'corrected'),
      ...tick(21 * day + 1),
    ]);
    expect(buckets(within).map(({ revision, firstOnly, secondOnly }) => [revision, firstOnly, secondOnly])).toEqual([
      [1, 1, 0],
      [2, 0, 1],
    ]);
    const beyond = runProcessor(experimentProcessor, [
      ...backfilled,
      ...tick(22 * day),
      ...pair(2, 'corrected'),
      ...tick(22 * day + 1),
    ]);
    expect(buckets(beyond)).toHaveLength(1);
  });
});

describe('random traffic', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed + 1);

  it.each(seeds)('gives what a naive computation from all rows gives (seed %i)', (seed) => {
    const designEffect = seed % 2 === 0 ? 1 : 3;
    const varied = { ...settings, lag: seed % 6, minimumPairs: 1 + (seed % 9), designEffect };
    const rows = randomTraffic(new Random(seed), varied, 60);
    const emitted = runProcessor(experimentProcessor, rows);
    const published = comparisons(emitted);
    expect(published.length).toBeGreaterThan(50);
    for (const one of published) {
      const naive = new NaiveComparison(rows.slice(0, one.offset + 1), varied).compare(one.first, one.second);
      for (const figure of ['pairs', 'buckets', 'heldBackByDependence'] as const)
        expect(one[figure]).toBe(naive[figure]);
      for (const figure of ['difference', 'standardError', 'designEffect', 'lower', 'upper'] as const) {
        if (naive[figure] === undefined) expect(one[figure]).toBeUndefined();
        else expect(one[figure]).toBeCloseTo(naive[figure], 9);
      }
    }
    const last = new Map<string, Map<number, number[]>>();
    for (const { first, second, startMs, firstOnly, secondOnly, bothRight, bothWrong } of buckets(emitted)) {
      const ofPair = last.get(`${first} ${second}`) ?? new Map<number, number[]>();
      last.set(`${first} ${second}`, ofPair.set(startMs, [firstOnly, secondOnly, bothRight, bothWrong]));
    }
    expect(last.size).toBe(6);
    const naive = new NaiveComparison(rows, varied);
    for (const [pair, ofPair] of last) {
      const [first, second] = pair.split(' ') as [string, string];
      expect(ofPair).toEqual(naive.buckets(first, second));
    }
  });

  it.each(seeds.slice(0, 5))('gives the same rows with a restart before every row (seed %i)', (seed) => {
    const rows = randomTraffic(new Random(seed), settings, 60);
    const restartBefore = new Set(rows.keys());
    expect(runProcessor(experimentProcessor, rows, { restartBefore })).toEqual(runProcessor(experimentProcessor, rows));
  });
});
