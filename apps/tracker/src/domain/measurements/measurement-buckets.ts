import type { MeasurementWindow } from '@moola/metrics/subject-metric';
import { addExact, exactUnits, fractionOfUnits, limbs } from '@moola/windows/exact-sums';

/** What a bucket holds; the sum is a whole number of `exactUnit`, as text. Plain data: JSON keeps it. */
export type MeasurementBucket = [index: number, count: number, sum: string, minimum: number, maximum: number];

interface Tier {
  readonly bucketMs: number;
  /** The longest window that is read from it. */
  readonly longestMs: number;
}

const minuteMs = 60_000;

/** A window is read from the first tier that is long enough: it moves in steps of a hundredth of its length or so. */
export const tiers: readonly Tier[] = [
  { bucketMs: minuteMs / 4, longestMs: 15 * minuteMs },
  { bucketMs: minuteMs, longestMs: 60 * minuteMs },
  { bucketMs: 15 * minuteMs, longestMs: 24 * 60 * minuteMs },
];

/** The buckets of each tier, by index. */
export const noBuckets = (): MeasurementBucket[][] => tiers.map(() => []);

/**
 * Counts a value in the bucket of its time in each tier, as long as that is kept.
 * @param newestMs of all values, this one among them
 * @returns whether any tier has kept it
 */
export function countValue(buckets: MeasurementBucket[][], value: number, timeMs: number, newestMs: number): boolean {
  let isKept = false;
  tiers.forEach(({ bucketMs, longestMs }, i) => {
    const inTier = buckets[i]!;
    const oldest = Math.floor(newestMs / bucketMs) - longestMs / bucketMs;
    const index = Math.floor(timeMs / bucketMs);
    if (index >= oldest) {
      addTo(bucketAt(inTier, index), value);
      isKept = true;
    }
    while (inTier.length > 0 && inTier[0]![0] < oldest) inTier.shift();
  });
  return isKept;
}

/** The buckets that end within the window before `nowMs`, the open one among them. */
export function windowOf(buckets: readonly MeasurementBucket[][], windowMs: number, nowMs: number): MeasurementWindow {
  const tier = tiers.findIndex(({ longestMs }) => windowMs <= longestMs);
  const at = tier < 0 ? tiers.length - 1 : tier;
  const { bucketMs } = tiers[at]!;
  const before = Math.floor(nowMs / bucketMs) - Math.ceil(windowMs / bucketMs);
  let [count, units, minimum, maximum] = [0, 0n, Infinity, -Infinity];
  for (const bucket of buckets[at]!) {
    if (bucket[0] <= before) continue;
    count += bucket[1];
    units += BigInt(bucket[2]);
    minimum = Math.min(minimum, bucket[3]);
    maximum = Math.max(maximum, bucket[4]);
  }
  return { count, sum: fractionOfUnits(units), minimum, maximum };
}

function addTo(bucket: MeasurementBucket, value: number): void {
  bucket[1]++;
  bucket[2] = String(BigInt(bucket[2]) + unitsOf(value));
  bucket[3] = Math.min(bucket[3], value);
  bucket[4] = Math.max(bucket[4], value);
}

const words = new Float64Array(limbs);

/** A value as a whole number of `exactUnit`. */
function unitsOf(value: number): bigint {
  words.fill(0);
  addExact(words, 0, value);
  return exactUnits(words, 0);
}

function bucketAt(buckets: MeasurementBucket[], index: number): MeasurementBucket {
  let at = buckets.length;
  while (at > 0 && buckets[at - 1]![0] > index) at--;
  const found = buckets[at - 1];
  if (found?.[0] === index) return found;
  // Largest numbers: JSON has no infinities.
  const begun: MeasurementBucket = [index, 0, '0', Number.MAX_VALUE, -Number.MAX_VALUE];
  buckets.splice(at, 0, begun);
  return begun;
}
