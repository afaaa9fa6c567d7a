import type { HistoryPoint, HistoryView } from '../../../src/read-model/views';

/** Not known at this time because another series has a point here: the line goes on. `null` breaks it. */
type Value = number | null | undefined;

/** A metric's history on one axis of times. */
export interface ChartData {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  /** The interval of what served. */
  readonly lower: readonly Value[];
  readonly upper: readonly Value[];
  /** Each version, whatever it did. */
  readonly versions: readonly (readonly Value[])[];
  /** Each version while it served. */
  readonly serving: readonly (readonly Value[])[];
}

/** @param versions in the order of their series */
export function chartData(points: readonly HistoryPoint[], versions: readonly string[]): ChartData {
  const times = [...new Set(points.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const place = new Map(times.map((time, index) => [time, index]));
  const empty = (): Value[] => new Array<Value>(times.length).fill(undefined);
  const [lower, upper] = [empty(), empty()];
  const all = versions.map(empty);
  const served = versions.map(empty);
  for (const point of points) {
    const version = versions.indexOf(point.version);
    const at = place.get(point.atMs);
    if (version < 0 || at === undefined) continue;
    (all[version] as Value[])[at] = point.value;
    (served[version] as Value[])[at] = point.serving ? point.value : null;
    if (!point.serving) continue;
    lower[at] = point.lower;
    upper[at] = point.upper;
  }
  return { times: times.map((time) => time / 1000), lower, upper, versions: all, serving: served };
}

/** The largest value of any version; `null` when none is known. */
export function largest({ versions }: ChartData): number | null {
  let most: number | null = null;
  for (const value of versions.flat()) if (typeof value === 'number') most = Math.max(most ?? value, value);
  return most;
}

/** What a version is known to be at a place on the axis: the newest value up to there. */
export function newestAt(points: readonly HistoryPoint[], version: string, atMs: number): HistoryPoint | null {
  let newest: HistoryPoint | null = null;
  for (const point of points) if (point.version === version && point.atMs <= atMs) newest = point;
  return newest;
}

/** Whether a version's last figure is of an earlier time than what is shown: nothing of its window lies there any more. */
export function isOld(point: HistoryPoint, shownMs: number, { windowMs }: Pick<HistoryView, 'windowMs'>): boolean {
  return point.atMs <= shownMs - windowMs;
}
