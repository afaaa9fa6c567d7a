import type { Timestamp } from '@bufbuild/protobuf/wkt';

/** Milliseconds since the epoch; sub-millisecond digits are cut off. `NaN` where there is no time. */
export function millisOf(time: Timestamp | undefined): number {
  return time === undefined ? NaN : Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000);
}
