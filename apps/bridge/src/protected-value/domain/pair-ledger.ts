import type { PairBucket } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { answersOf, differenceOf, noAnswers, sumOf, type PairAnswers } from './pair-answers.js';

/** Buckets are kept by the hour in which they start: an entry of the checkpoint each. */
export const hourMs = 3_600_000;

/** Two versions of a model, by name: first < second. */
export interface PairOfVersions {
  readonly model: string;
  readonly first: string;
  readonly second: string;
}

/** Which buckets to add up: those that start in `[fromMs, toMs)`. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What one bucket said last. */
interface KeptBucket extends PairAnswers {
  readonly startMs: number;
}

/**
 * The last revision of every bucket that may still be revised, so that a revision adds only its difference, and so that
 * what was known before a rollback was can be added up.
 */
export class PairLedger {
  /** By model, pair and hour. */
  private readonly hours: KeyedState<readonly KeptBucket[]>;
  /** The hours of each pair: follows from the entries. */
  private readonly hoursOf = new Map<string, Set<number>>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.hours = new KeyedState('pair-buckets/', jsonEntry(1), entries);
    for (const key of this.hours.keys()) {
      const [model, first, second, hour] = JSON.parse(key) as [string, string, string, number];
      this.remember({ model, first, second }, hour);
    }
  }

  /** @returns what a bucket says more than its last revision did. */
  record(pair: PairOfVersions, bucket: PairBucket): PairAnswers {
    const hour = Math.floor(bucket.startMs / hourMs);
    const key = hourKey(pair, hour);
    const kept = this.hours.get(key) ?? [];
    const now = { startMs: bucket.startMs, ...answersOf(bucket) };
    this.hours.set(key, [...kept.filter(({ startMs }) => startMs !== bucket.startMs), now]);
    this.remember(pair, hour);
    return differenceOf(now, kept.find(({ startMs }) => startMs === bucket.startMs) ?? noAnswers);
  }

  /** The sum of a pair's buckets. */
  sum(pair: PairOfVersions, { fromMs, toMs }: Span): PairAnswers {
    let sum = noAnswers;
    for (const hour of this.hoursOf.get(pairKey(pair)) ?? []) {
      if ((hour + 1) * hourMs <= fromMs || hour * hourMs >= toMs) continue;
      for (const bucket of this.hours.get(hourKey(pair, hour)) ?? []) {
        if (bucket.startMs >= fromMs && bucket.startMs < toMs) sum = sumOf(sum, bucket);
      }
    }
    return sum;
  }

  /** Forgets the buckets that start before an hour since the epoch. */
  forgetBefore(hourOf: (model: string) => number): void {
    for (const [pair, hours] of this.hoursOf) {
      const [model, first, second] = JSON.parse(pair) as [string, string, string];
      for (const hour of hours) {
        if (hour >= hourOf(model)) continue;
        this.hours.delete(hourKey({ model, first, second }, hour));
        hours.delete(hour);
      }
      if (hours.size === 0) this.hoursOf.delete(pair);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.hours.takeChanges(into);
  }

  private remember(pair: PairOfVersions, hour: number): void {
    const key = pairKey(pair);
    const hours = this.hoursOf.get(key) ?? new Set<number>();
    this.hoursOf.set(key, hours.add(hour));
  }
}

function pairKey({ model, first, second }: PairOfVersions): string {
  return JSON.stringify([model, first, second]);
}

function hourKey({ model, first, second }: PairOfVersions, hour: number): string {
  return JSON.stringify([model, first, second, hour]);
}
