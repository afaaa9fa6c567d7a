/**
 * Arithmetic of buckets: bucket `k` of length `b` holds the times `[k·b, (k+1)·b)`. Times and lengths are whole
 * milliseconds.
 */

/** The bucket that holds a time. */
export function bucketAt(timeMs: number, lengthMs: number): number {
  return Math.floor(timeMs / lengthMs);
}

/** The newest bucket of a window at a tick: at a tick on a boundary, the bucket that has just ended. */
export function openBucket(tickMs: number, lengthMs: number): number {
  return Math.ceil(tickMs / lengthMs) - 1;
}

/** How many buckets, counted from the epoch, have ended by a tick: bucket `k` has when this is more than `k`. */
export function endedBuckets(tickMs: number, lengthMs: number): number {
  return Math.floor(tickMs / lengthMs);
}

/** The first millisecond at which a tick sees the bucket in its windows. */
export function entersAtMs(bucket: number, lengthMs: number): number {
  return bucket * lengthMs + 1;
}

/** The first millisecond at which a tick no longer sees the bucket in a window of so many buckets. */
export function leavesAtMs(bucket: number, buckets: number, lengthMs: number): number {
  return (bucket + buckets) * lengthMs + 1;
}

/** The first millisecond at which one bucket more than now has ended. */
export function nextEndMs(tickMs: number, lengthMs: number): number {
  return (endedBuckets(tickMs, lengthMs) + 1) * lengthMs;
}
