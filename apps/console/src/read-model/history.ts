import type { HistoryPoint } from './views.js';

/** Points kept a series; when there are more, every other one is dropped, so that the whole span stays visible. */
const mostPoints = 1000;

interface Series {
  readonly metric: string;
  readonly windowMs: number;
  points: HistoryPoint[];
  /** One of so many is kept. */
  every: number;
  /** Came since the last one that was kept. */
  skipped: number;
  /** Shown even while it is not kept: the picture ends with what is known now. */
  newest: HistoryPoint;
}

/** A metric's past over one window. */
export interface HistoryOfMetric {
  readonly windowMs: number;
  readonly points: readonly HistoryPoint[];
}

/** Figures of one model as they came, a series a version, thinned evenly as it grows. */
export class History {
  private readonly series = new Map<string, Series>();

  /** @param most points kept a series; even, so that thinning keeps the last one */
  constructor(private readonly most = mostPoints) {}

  add(metric: string, windowMs: number, point: HistoryPoint): void {
    const key = `${metric}/${windowMs}/${point.version}`;
    const series = this.series.get(key);
    if (series === undefined) {
      this.series.set(key, { metric, windowMs, points: [point], every: 1, skipped: 0, newest: point });
      return;
    }
    series.newest = point;
    if (++series.skipped < series.every) return;
    series.skipped = 0;
    series.points.push(point);
    if (series.points.length <= this.most) return;
    series.points = series.points.filter((_, index) => index % 2 === 0);
    series.every *= 2;
  }

  /** By name. */
  metrics(): string[] {
    return [...new Set([...this.series.values()].map(({ metric }) => metric))].sort();
  }

  /** Over which windows a metric is known, the shortest first. */
  windowsOf(metric: string): number[] {
    const windows = [...this.series.values()].filter((series) => series.metric === metric);
    return [...new Set(windows.map(({ windowMs }) => windowMs))].sort((a, b) => a - b);
  }

  /**
   * By time.
   * @param windowMs `null`: the shortest
   * @returns `null` when nothing is known of this metric over this window
   */
  read(metric: string, windowMs: number | null): HistoryOfMetric | null {
    const windows = this.windowsOf(metric);
    const chosen = windowMs ?? windows[0];
    if (chosen === undefined || !windows.includes(chosen)) return null;
    const points = [...this.series.values()]
      .filter((series) => series.metric === metric && series.windowMs === chosen)
      .flatMap(({ points, newest }) => (points.at(-1) === newest ? points : [...points, newest]));
    return { windowMs: chosen, points: points.sort((a, b) => a.atMs - b.atMs) };
  }
}
