import { describe, expect, it } from '@jest/globals';
import { bucketAt, openBucket } from './bucket-time.js';
import { countLabel, labelBuckets, type LabelBucket } from './label-bucket.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { QuantileSketch } from './quantile-sketch.js';
import { Ring } from './ring.js';
import { planTiers, type PlannedTier } from './tiers.js';
import { countPrediction, trafficBuckets } from './traffic-bucket.js';

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const tierWith = (lengthMs: number, ...sizes: number[]): PlannedTier => ({
  lengthMs,
  buckets: Math.max(...sizes),
  windows: sizes.map((buckets) => ({ windowMs: buckets * lengthMs, buckets })),
});

function label(ring: Ring<LabelBucket>, timeMs: number, tickMs: number): boolean {
  const bucket = ring.change(timeMs, tickMs);
  if (bucket === null) return false;
  countLabel(bucket, '1', '1', '1');
  for (const sum of ring.sumsHolding(bucket.index)) countLabel(sum, '1', '1', '1');
  return true;
}

/** @param window its place in the tier */
function labelsIn(ring: Ring<LabelBucket>, window: number): number {
  return ring.closed(window).labels + (ring.openBucket?.labels ?? 0);
}

describe('a ring', () => {
  const tier = tierWith(1000, 1, 3, 10);

  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'holds in every window what a count of all events finds, with late, early and lost ones (seed %d)',
    (seed) => {
      const random = generator(seed);
      let ring = new Ring(labelBuckets, tier);
      const stored = new Map<string, Uint8Array>();
      const accepted: number[] = [];
      let tickMs = Math.floor(random() * 5000);
      for (let step = 0; step < 120; step++) {
        for (let i = Math.floor(random() * 6); i > 0; i--) {
          const timeMs = Math.max(0, tickMs + Math.floor((random() - 0.7) * 12_000));
          const exists = bucketAt(timeMs, 1000) > openBucket(tickMs, 1000) - 10;
          expect(label(ring, timeMs, tickMs)).toBe(exists);
          if (exists) accepted.push(timeMs);
        }
        if (random() < 0.2) {
          const changes = new Map<string, Uint8Array | null>();
          ring.takeChanges('r/', changes);
          for (const [key, bytes] of changes) bytes === null ? stored.delete(key) : stored.set(key, bytes);
          const writer = new PackedWriter();
          ring.writeNewest(writer);
          ring = new Ring(labelBuckets, tier);
          ring.restoreNewest(new PackedReader(writer.finish()));
          for (const [key, bytes] of [...stored].reverse()) ring.restoreEntry(Number(key.slice(2)), bytes);
          ring.advance(tickMs);
        }
        tickMs += Math.floor(random() ** 3 * (random() < 0.05 ? 30_000 : 2500));
        if (random() < 0.3) continue;
        const foretold = ring.nextMoveMs();
        const before = [0, 1, 2].map((window) => labelsIn(ring, window));
        const moved = ring.advance(tickMs);
        const open = openBucket(tickMs, 1000);
        for (const [window, buckets] of [1, 3, 10].entries()) {
          const naive = accepted.filter((t) => bucketAt(t, 1000) <= open && bucketAt(t, 1000) > open - buckets).length;
          expect(labelsIn(ring, window)).toBe(naive);
        }
        const after = [0, 1, 2].map((window) => labelsIn(ring, window));
        if (!moved) expect(after).toEqual(before);
        if (tickMs < (foretold ?? Infinity)) expect(moved).toBe(false);
      }
    },
  );

  it('keeps no bucket that no window reaches', () => {
    const ring = new Ring(labelBuckets, tier);
    for (let timeMs = 0; timeMs < 1_000_000; timeMs += 500) {
      label(ring, timeMs, timeMs);
      ring.advance(timeMs);
    }
    expect(ring.size).toBeLessThanOrEqual(11);
  });

  it('deletes the entries of what it drops', () => {
    const ring = new Ring(labelBuckets, tier);
    const stored = new Map<string, Uint8Array>();
    for (let timeMs = 0; timeMs < 200_000; timeMs += 500) {
      label(ring, timeMs, timeMs);
      ring.advance(timeMs);
      const changes = new Map<string, Uint8Array | null>();
      ring.takeChanges('r/', changes);
      for (const [key, bytes] of changes) bytes === null ? stored.delete(key) : stored.set(key, bytes);
    }
    expect(stored.size).toBeLessThanOrEqual(2);
  });

  it('foretells when a bucket enters or leaves a window', () => {
    const ring = new Ring(labelBuckets, tier);
    label(ring, 500, 0);
    ring.advance(1);
    expect(ring.nextMoveMs()).toBe(1001);
    ring.advance(1001);
    expect(ring.nextMoveMs()).toBe(3001);
    label(ring, 2500, 1500);
    expect(ring.nextMoveMs()).toBe(2001);
    ring.advance(10_001);
    expect(ring.nextMoveMs()).toBe(12_001);
    ring.advance(12_001);
    expect(ring.nextMoveMs()).toBeNull();
  });

  it('takes over the buckets of a finer one', () => {
    const fine = new Ring(labelBuckets, tierWith(1000, 60));
    for (let timeMs = 0; timeMs < 30_000; timeMs += 100) label(fine, timeMs, timeMs);
    const coarse = new Ring(labelBuckets, tierWith(10_000, 6));
    coarse.takeOver(fine);
    coarse.advance(30_000);
    expect(labelsIn(coarse, 0)).toBe(300);
    expect(coarse.latest(3).map((bucket) => bucket?.labels)).toEqual([100, 100, 100]);
  });

  it('of traffic holds percentiles and costs exactly as if the window were counted anew', () => {
    const random = generator(2);
    const ring = new Ring(trafficBuckets, tierWith(1000, 5));
    const events: { timeMs: number; latencyMs: number; costUsd: number }[] = [];
    for (let tickMs = 1000; tickMs < 40_000; tickMs += 700) {
      for (let i = 0; i < 20; i++) {
        const event = {
          timeMs: tickMs - Math.floor(random() * 2500),
          latencyMs: 100 * random(),
          costUsd: random() / 1000,
        };
        const bucket = event.timeMs < 0 ? null : ring.change(event.timeMs, tickMs);
        if (bucket === null) continue;
        events.push(event);
        for (const into of [bucket, ...ring.sumsHolding(bucket.index)])
          countPrediction(into, 0, event.latencyMs, event.costUsd);
      }
      ring.advance(tickMs);
      const open = openBucket(tickMs, 1000);
      const held = events.filter(({ timeMs }) => bucketAt(timeMs, 1000) > open - 5 && bucketAt(timeMs, 1000) <= open);
      const sketch = new QuantileSketch();
      for (const { latencyMs } of held) sketch.add(latencyMs);
      const none = new QuantileSketch();
      const [closed, last] = [ring.closed(0), ring.openBucket];
      expect(closed.predictions + (last?.predictions ?? 0)).toBe(held.length);
      expect(QuantileSketch.percentile(95, closed.latencies, last?.latencies ?? none)).toBe(
        QuantileSketch.percentile(95, sketch, none),
      );
      const costUnits = held.reduce((sum, { costUsd }) => sum + Math.round(costUsd * 1e9), 0);
      expect(closed.costUnits + (last?.costUnits ?? 0)).toBe(costUnits);
    }
  });

  it('of the default windows has few buckets however long it runs', () => {
    const tiers = planTiers(5000, [60_000, 300_000, 3_600_000, 86_400_000]);
    expect(tiers.reduce((sum, { buckets }) => sum + buckets, 0)).toBe(864);
  });
});
