import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { BucketSnapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { HistoryPoint } from './views.js';

/** Buckets kept a version: 31 days of minutes, as far back as the door takes events. The oldest give way. */
const mostBuckets = 44_640;

/** Points that one answer holds a version. */
const mostPoints = 500;

/** What one bucket of one role said last. */
type Bucket = Pick<BucketSnapshot, 'predictions' | 'errors' | 'labelled' | 'correct'>;

interface Measure {
  readonly samples: (bucket: Bucket) => number;
  readonly of: (bucket: Bucket) => number;
}

/** What closed buckets can tell, all of it ratios of counts. */
const measures: Readonly<Record<string, Measure>> = {
  accuracy: { samples: ({ labelled }) => labelled, of: ({ correct }) => correct },
  error_rate: { samples: ({ predictions }) => predictions, of: ({ errors }) => errors },
};

/** Starts of buckets, milliseconds since the epoch. */
interface Span {
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface HistoryByPredictionTime {
  /** Length of the buckets that are added up into one point, milliseconds. */
  readonly bucketMs: number;
  readonly points: readonly HistoryPoint[];
}

/**
 * The past of one model by the time of its predictions, from closed buckets: what came late or was backfilled stands where
 * it happened, which windows, read at the time of their tick, cannot show.
 */
export class BucketHistory {
  /** By version, role, then start. */
  private readonly series = new Map<string, { version: string; role: Role; buckets: Map<number, Bucket> }>();
  private lengthMs = 60_000;

  /** Takes a bucket, or a later revision of it. */
  take({ version, role, startMs, lengthMs, predictions, errors, labelled, correct }: BucketSnapshot): void {
    this.lengthMs = lengthMs;
    const key = `${role}/${version}`;
    const series = this.series.get(key) ?? { version, role, buckets: new Map<number, Bucket>() };
    this.series.set(key, series);
    series.buckets.set(startMs, { predictions, errors, labelled, correct });
    if (series.buckets.size > mostBuckets) dropOldest(series.buckets);
  }

  metrics(): string[] {
    return Object.keys(measures).filter((metric) => this.span(metric) !== null);
  }

  /** Start of the oldest bucket with samples of a metric, milliseconds; `null` without any. */
  oldestMs(metric: string): number | null {
    return this.span(metric)?.oldestMs ?? null;
  }

  /** By time; `null` when buckets tell nothing of this metric. */
  read(metric: string): HistoryByPredictionTime | null {
    const measure = measures[metric];
    const span = this.span(metric);
    if (measure === undefined || span === null) return null;
    const bucketMs = this.lengthMs * this.bucketsAPoint(span);
    const points = [...this.series.values()].flatMap(({ version, role, buckets }) => {
      const sums = new Map<number, { part: number; whole: number }>();
      for (const [startMs, bucket] of buckets) {
        const at = Math.floor(startMs / bucketMs) * bucketMs;
        const sum = sums.get(at) ?? { part: 0, whole: 0 };
        sums.set(at, { part: sum.part + measure.of(bucket), whole: sum.whole + measure.samples(bucket) });
      }
      return [...sums]
        .filter(([, { whole }]) => whole > 0)
        .map(([startMs, { part, whole }]) => ({
          ...{ atMs: startMs + bucketMs, version, serving: role === Role.PRIMARY },
          ...{ value: part / whole, lower: null, upper: null, samples: whole },
        }));
    });
    return { bucketMs, points: points.sort((a, b) => a.atMs - b.atMs) };
  }

  /** From the oldest to the newest bucket with samples of a metric; `null` without any. */
  private span(metric: string): Span | null {
    const measure = measures[metric];
    if (measure === undefined) return null;
    let [oldestMs, newestMs] = [Infinity, -Infinity];
    for (const { buckets } of this.series.values()) {
      for (const [startMs, bucket] of buckets) {
        if (measure.samples(bucket) === 0) continue;
        oldestMs = Math.min(oldestMs, startMs);
        newestMs = Math.max(newestMs, startMs);
      }
    }
    return oldestMs === Infinity ? null : { oldestMs, newestMs };
  }

  /** So many that a version has at most `mostPoints`: 1, 5, 15, 60 minutes, then whole hours. */
  private bucketsAPoint({ oldestMs, newestMs }: Span): number {
    const needed = Math.ceil(((newestMs - oldestMs) / this.lengthMs + 1) / mostPoints);
    return [1, 5, 15].find((each) => each >= needed) ?? Math.ceil(needed / 60) * 60;
  }
}

function dropOldest(buckets: Map<number, Bucket>): void {
  let oldest = Infinity;
  for (const startMs of buckets.keys()) oldest = Math.min(oldest, startMs);
  buckets.delete(oldest);
}
