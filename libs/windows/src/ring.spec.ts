import { describe, expect, it } from '@jest/globals';
import { bucketAt, openBucket } from './bucket-time.js';
import type { BucketStore } from './bucket-store.js';
import { ListArena } from './list-arena.js';
import { PackedReader, PackedWriter } from './packed-numbers.js';
import { Rings } from './ring.js';
import { SketchCells } from './sketch-cells.js';
import { noRow, RowArena } from './row-arena.js';
import { planTiers, type PlannedTier } from './tiers.js';
import {
  countLabel,
  countPrediction,
  label as labelField,
  labelBuckets,
  traffic,
  trafficBuckets,
  type LabelBuckets,
} from './testing/binary-buckets.js';

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

/** Rings of one tier in memory of their own. */
class Memory<B extends BucketStore> {
  readonly lists = new ListArena();
  readonly records: RowArena;
  private readonly rows: Float64Array;
  readonly rings: Rings<B>;

  constructor(
    readonly buckets: B,
    tier: PlannedTier,
  ) {
    this.records = new RowArena(1 + Rings.width(tier));
    this.rows = new Float64Array(1 + tier.windows.length);
    this.rings = new Rings(tier, buckets, this.lists, this.records, 1);
  }

  /** How many records, buckets and lists are in use. */
  get live(): number[] {
    return [this.records.live, this.buckets.rows.live, this.lists.live];
  }

  create(): number {
    const ring = this.rings.of(this.records.take());
    this.rings.create(ring);
    return ring;
  }

  free(ring: number): void {
    this.rings.free(ring);
    this.records.give(ring - 1);
  }

  /** Does the same to a bucket and to every sum that holds it. @returns whether the bucket exists */
  change(ring: number, timeMs: number, tickMs: number, count: (row: number) => void): boolean {
    const end = this.rings.rowsOf(ring, timeMs, tickMs, this.rows, 0);
    for (const row of this.rows.subarray(0, end)) count(row);
    return end > 0;
  }
}

function label(memory: Memory<LabelBuckets>, ring: number, timeMs: number, tickMs: number): boolean {
  return memory.change(ring, timeMs, tickMs, (row) => countLabel(memory.buckets, row, '1', '1', '1'));
}

/** @param window its place in the tier */
function labelsIn({ rings, buckets }: Memory<LabelBuckets>, ring: number, window: number): number {
  const [closed, open] = [rings.closed(ring, window), rings.openBucket(ring)];
  return buckets.get(closed, labelField.labels) + buckets.get(open, labelField.labels);
}

describe('a ring', () => {
  const sizes = [1, 3, 4, 6, 10];
  const tier = tierWith(1000, ...sizes);

  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'holds in every window what a count of all events finds, with late, early and lost ones (seed %d)',
    (seed) => {
      const random = generator(seed);
      const memory = new Memory(labelBuckets(), tier);
      const { rings } = memory;
      // Rings beside it take and give back memory all the time.
      let others: number[] = [];
      let ring = memory.create();
      const stored = new Map<string, Uint8Array>();
      const accepted: number[] = [];
      let tickMs = Math.floor(random() * 5000);
      for (let step = 0; step < 120; step++) {
        for (let i = Math.floor(random() * 6); i > 0; i--) {
          const timeMs = Math.max(0, tickMs + Math.floor((random() - 0.7) * 12_000));
          const exists = bucketAt(timeMs, 1000) > openBucket(tickMs, 1000) - 10;
          expect(label(memory, ring, timeMs, tickMs)).toBe(exists);
          if (exists) accepted.push(timeMs);
        }
        if (random() < 0.2) {
          const changes = new Map<string, Uint8Array | null>();
          rings.takeChanges(ring, 'r/', changes);
          for (const [key, bytes] of changes) bytes === null ? stored.delete(key) : stored.set(key, bytes);
          const writer = new PackedWriter();
          rings.writeNewest(ring, writer);
          memory.free(ring);
          ring = memory.create();
          rings.restoreNewest(ring, new PackedReader(writer.finish()));
          for (const [key, bytes] of [...stored].reverse()) rings.restoreEntry(ring, Number(key.slice(2)), bytes);
          rings.advance(ring, tickMs);
        }
        if (random() < 0.3) others.push(memory.create());
        for (const other of others) {
          label(memory, other, tickMs + Math.floor((random() - 0.7) * 12_000), tickMs);
          if (random() < 0.5) rings.advance(other, tickMs);
        }
        others = others.filter((other) => random() < 0.9 || memory.free(other));
        tickMs += Math.floor(random() ** 3 * (random() < 0.05 ? 30_000 : 2500));
        if (random() < 0.3) continue;
        const foretold = rings.nextMoveMs(ring);
        const before = sizes.map((_, window) => labelsIn(memory, ring, window));
        const moved = rings.advance(ring, tickMs);
        const open = openBucket(tickMs, 1000);
        for (const [window, buckets] of sizes.entries()) {
          const naive = accepted.filter((t) => bucketAt(t, 1000) <= open && bucketAt(t, 1000) > open - buckets).length;
          expect(labelsIn(memory, ring, window)).toBe(naive);
        }
        const after = sizes.map((_, window) => labelsIn(memory, ring, window));
        if (!moved) expect(after).toEqual(before);
        if (tickMs < foretold) expect(moved).toBe(false);
      }
      for (const each of [ring, ...others]) memory.free(each);
      expect(memory.live).toEqual([0, 0, 0]);
    },
  );

  it('keeps no bucket that no window reaches', () => {
    const memory = new Memory(labelBuckets(), tier);
    const { rings } = memory;
    const ring = memory.create();
    for (let timeMs = 0; timeMs < 1_000_000; timeMs += 500) {
      label(memory, ring, timeMs, timeMs);
      rings.advance(ring, timeMs);
    }
    expect(rings.size(ring)).toBeLessThanOrEqual(11);
  });

  it('deletes the entries of what it drops', () => {
    const memory = new Memory(labelBuckets(), tier);
    const { rings } = memory;
    const ring = memory.create();
    const stored = new Map<string, Uint8Array>();
    for (let timeMs = 0; timeMs < 200_000; timeMs += 500) {
      label(memory, ring, timeMs, timeMs);
      rings.advance(ring, timeMs);
      const changes = new Map<string, Uint8Array | null>();
      rings.takeChanges(ring, 'r/', changes);
      for (const [key, bytes] of changes) bytes === null ? stored.delete(key) : stored.set(key, bytes);
    }
    expect(stored.size).toBeLessThanOrEqual(2);
  });

  it('foretells when a bucket enters or leaves a window', () => {
    const memory = new Memory(labelBuckets(), tier);
    const { rings } = memory;
    const ring = memory.create();
    label(memory, ring, 500, 0);
    rings.advance(ring, 1);
    expect(rings.nextMoveMs(ring)).toBe(1001);
    rings.advance(ring, 1001);
    expect(rings.nextMoveMs(ring)).toBe(3001);
    label(memory, ring, 2500, 1500);
    expect(rings.nextMoveMs(ring)).toBe(2001);
    rings.advance(ring, 10_001);
    expect(rings.nextMoveMs(ring)).toBe(12_001);
    rings.advance(ring, 12_001);
    expect(rings.nextMoveMs(ring)).toBe(Infinity);
  });

  it('takes over the buckets of a finer one', () => {
    const buckets = labelBuckets();
    const [fine, coarse] = [new Memory(buckets, tierWith(1000, 60)), new Memory(buckets, tierWith(10_000, 6))];
    const [from, to] = [fine.create(), coarse.create()];
    for (let timeMs = 0; timeMs < 30_000; timeMs += 100) label(fine, from, timeMs, timeMs);
    coarse.rings.takeOver(to, fine.rings, from);
    fine.free(from);
    coarse.rings.advance(to, 30_000);
    expect(labelsIn(coarse, to, 0)).toBe(300);
    const latest = coarse.rings.latest(to, 3).map((bucket) => buckets.get(bucket, labelField.labels));
    expect(latest).toEqual([100, 100, 100]);
  });

  it('of traffic holds percentiles and costs exactly as if the window were counted anew', () => {
    const random = generator(2);
    const cells = new SketchCells();
    const memory = new Memory(trafficBuckets(cells), tierWith(1000, 5));
    const { rings, buckets } = memory;
    const sketches = buckets.sketches[0]!;
    const ring = memory.create();
    const events: { timeMs: number; latencyMs: number; costUsd: number }[] = [];
    for (let tickMs = 1000; tickMs < 40_000; tickMs += 700) {
      for (let i = 0; i < 20; i++) {
        const event = {
          timeMs: tickMs - Math.floor(random() * 2500),
          latencyMs: 100 * random(),
          costUsd: random() / 1000,
        };
        if (event.timeMs < 0) continue;
        const count = (row: number): void => countPrediction(buckets, row, 0, event.latencyMs, event.costUsd);
        if (memory.change(ring, event.timeMs, tickMs, count)) events.push(event);
      }
      rings.advance(ring, tickMs);
      const open = openBucket(tickMs, 1000);
      const held = events.filter(({ timeMs }) => bucketAt(timeMs, 1000) > open - 5 && bucketAt(timeMs, 1000) <= open);
      const anew = buckets.create(0);
      for (const { latencyMs, costUsd } of held) countPrediction(buckets, anew, 0, latencyMs, costUsd);
      const [closed, last] = [rings.closed(ring, 0), rings.openBucket(ring)];
      expect(sketches.percentile(95, closed, last)).toBe(sketches.percentile(95, anew, noRow));
      for (const field of Object.values(traffic)) {
        expect(buckets.get(closed, field) + buckets.get(last, field)).toBe(buckets.get(anew, field));
      }
      buckets.free(anew);
    }
    memory.free(ring);
    expect([...memory.live, cells.live]).toEqual([0, 0, 0, 0]);
  });

  it('of the default windows has few buckets however long it runs', () => {
    const tiers = planTiers(5000, [60_000, 300_000, 3_600_000, 86_400_000]);
    expect(tiers.reduce((sum, { buckets }) => sum + buckets, 0)).toBe(864);
  });
});
