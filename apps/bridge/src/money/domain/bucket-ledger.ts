import type { BucketSnapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { differenceOf, noCounts, sumOf, type BucketCounts } from './bucket-counts.js';

/** Buckets are kept by the hour in which they start: an entry of the checkpoint each. */
export const hourMs = 3_600_000;

/** What one bucket of one series said last. */
interface KeptBucket extends BucketCounts {
  readonly role: Role;
  readonly startMs: number;
}

/** The hour that a key tells of. */
interface Hour {
  readonly version: string;
  readonly hour: number;
}

/** Which buckets to add up: those that start in `[fromMs, toMs)`. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The last revision of every bucket that may still be revised, so that a revision adds only its difference, and so that
 * a span of time can be added up again.
 */
export class BucketLedger {
  /** By model, version and hour. */
  private readonly hours: KeyedState<readonly KeptBucket[]>;
  /** The keys of each model: follows from the entries. */
  private readonly keys = new Map<string, Map<string, Hour>>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.hours = new KeyedState('buckets/', jsonEntry(1), entries);
    for (const key of this.hours.keys()) this.remember(key, ...(JSON.parse(key) as [string, string, number]));
  }

  /** @returns what a bucket says more than its last revision did. */
  record(model: string, { version, role, startMs, predictions, labelled, correct }: BucketSnapshot): BucketCounts {
    const hour = Math.floor(startMs / hourMs);
    const key = JSON.stringify([model, version, hour]);
    const kept = this.hours.get(key) ?? [];
    const isSame = (bucket: KeptBucket) => bucket.role === role && bucket.startMs === startMs;
    const now = { role, startMs, predictions, labelled, correct };
    this.hours.set(key, [...kept.filter((bucket) => !isSame(bucket)), now]);
    this.remember(key, model, version, hour);
    return differenceOf(now, kept.find(isSame) ?? noCounts);
  }

  /** The sum of a version's buckets over all its roles. */
  ofVersion(model: string, version: string, span: Span): BucketCounts {
    return this.sum(model, span, (hour) => hour.version === version);
  }

  /** The sum of the buckets of one role, of whichever version. */
  ofRole(model: string, role: Role, span: Span): BucketCounts {
    const isOfRole = (_: Hour, bucket: KeptBucket) => bucket.role === role;
    return this.sum(model, span, () => true, isOfRole);
  }

  /** Forgets the buckets of a model that start before an hour since the epoch. */
  forgetBefore(model: string, hour: number): void {
    const keys = this.keys.get(model) ?? new Map<string, Hour>();
    for (const [key, kept] of keys) {
      if (kept.hour >= hour) continue;
      this.hours.delete(key);
      keys.delete(key);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.hours.takeChanges(into);
  }

  private sum(
    model: string,
    { fromMs, toMs }: Span,
    ofHour: (hour: Hour) => boolean,
    ofBucket: (hour: Hour, bucket: KeptBucket) => boolean = () => true,
  ): BucketCounts {
    let sum = noCounts;
    for (const [key, hour] of this.keys.get(model) ?? []) {
      if (!ofHour(hour) || (hour.hour + 1) * hourMs <= fromMs || hour.hour * hourMs >= toMs) continue;
      for (const bucket of this.hours.get(key) ?? []) {
        if (bucket.startMs >= fromMs && bucket.startMs < toMs && ofBucket(hour, bucket)) sum = sumOf(sum, bucket);
      }
    }
    return sum;
  }

  private remember(key: string, model: string, version: string, hour: number): void {
    const keys = this.keys.get(model) ?? new Map<string, Hour>();
    this.keys.set(model, keys.set(key, { version, hour }));
  }
}
