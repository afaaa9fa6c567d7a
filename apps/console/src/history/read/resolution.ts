import { keptFromMs } from '../schema/kept-from.js';
import { keptMsOf, resolutions, type Resolution, type RollupTable } from '../schema/table.js';

/** Points a series that an answer holds at most. */
export const mostPoints = 2000;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Lengths that people know; beyond a day, whole days. */
const steps = [1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * minuteMs);

/** How long the buckets of an answer are, and from which stored ones they are made. */
export interface ChosenBuckets {
  readonly stored: Resolution;
  readonly lengthMs: number;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const pointsOf = ({ fromMs, toMs }: Span, lengthMs: number): number =>
  Math.ceil(toMs / lengthMs) - Math.floor(fromMs / lengthMs);

/** The shortest buckets of which a span has not too many, and that are still kept at its beginning. */
export function chooseBuckets(table: RollupTable, span: Span, nowMs: number): ChosenBuckets {
  const least = shortestKept(table, span.fromMs, nowMs);
  const lengthMs =
    steps.find((step) => step >= least && pointsOf(span, step) <= mostPoints) ??
    Math.ceil((span.toMs - span.fromMs) / (mostPoints - 1) / dayMs) * dayMs;
  return { lengthMs, stored: storedFor(lengthMs) };
}

/** The longest stored buckets that make up ones of a length. */
export function storedFor(lengthMs: number): Resolution {
  return [...resolutions].reverse().find((each) => lengthMs % each === 0) ?? resolutions[0];
}

/** The shortest buckets that are still kept at a time; the longest where none are. */
export function shortestKept(table: RollupTable, atMs: number, nowMs: number): Resolution {
  return resolutions.find((each) => atMs >= keptFromMs(nowMs, keptMsOf(table, each))) ?? resolutions[2];
}
