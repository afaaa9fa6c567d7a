/** A window that a tier serves: its last `buckets` buckets, the open one included. */
export interface PlannedWindow {
  readonly windowMs: number;
  readonly buckets: number;
}

/** Buckets of one length, and the windows that are read from them. */
export interface PlannedTier {
  readonly lengthMs: number;
  /** How many buckets are kept: those of its longest window. */
  readonly buckets: number;
  /** By length. */
  readonly windows: readonly PlannedWindow[];
}

/** A window is served by the finest tier that needs at most so many buckets for it. */
export const mostBuckets = 720;

const minute = 60_000;
const coarser = [minute, 10 * minute, 60 * minute, 24 * 60 * minute];
const factors = [12, 10, 6, 24];

/**
 * Lengths of the tiers over a model's bucket, finest first, each a multiple of the one before: 5 s gives 5 s, 1 m,
 * 10 m, 1 h, 1 d. A bucket that divides no such length gets tiers of 12, 120, 720 and 17,280 buckets instead.
 */
export function tierLengths(bucketMs: number): number[] {
  const lengths = [bucketMs];
  for (const length of coarser) {
    const last = lengths.at(-1) as number;
    if (length > last && length % last === 0) lengths.push(length);
  }
  if (lengths.length > 1 || bucketMs >= (coarser.at(-1) as number)) return lengths;
  for (const factor of factors) lengths.push((lengths.at(-1) as number) * factor);
  return lengths;
}

/** How many buckets a window takes; one that is no multiple of the length is rounded up. */
export function bucketsOf(windowMs: number, lengthMs: number): number {
  return Math.max(1, Math.ceil(windowMs / lengthMs));
}

/** The length of the tier that serves a window: the finest that needs at most `most` buckets, else the coarsest. */
export function tierOf(windowMs: number, bucketMs: number, most: number = mostBuckets): number {
  const lengths = tierLengths(bucketMs);
  return lengths.find((length) => bucketsOf(windowMs, length) <= most) ?? (lengths.at(-1) as number);
}

/** The tiers that a model's windows need, finest first; windows within a tier by length. */
export function planTiers(bucketMs: number, windowsMs: readonly number[]): PlannedTier[] {
  const distinct = [...new Set(windowsMs)].sort((a, b) => a - b);
  return tierLengths(bucketMs).flatMap((lengthMs) => {
    const windows = distinct
      .filter((windowMs) => tierOf(windowMs, bucketMs) === lengthMs)
      .map((windowMs) => ({ windowMs, buckets: bucketsOf(windowMs, lengthMs) }));
    if (windows.length === 0) return [];
    return [{ lengthMs, windows, buckets: Math.max(...windows.map((window) => window.buckets)) }];
  });
}

/** Where a window stands: its tier, and its place in it. */
export interface WindowPlace {
  readonly tier: number;
  readonly window: number;
}

/** The places of all windows by their length. */
export function placesOf(tiers: readonly PlannedTier[]): ReadonlyMap<number, WindowPlace> {
  return new Map(
    tiers.flatMap(({ windows }, tier) => windows.map(({ windowMs }, window) => [windowMs, { tier, window }] as const)),
  );
}
