import type { HistoryPoint } from './views.js';

/** Points kept a series; when there are more, every other one is dropped, so that the whole span stays visible. */
const maximumPoints = 2000;

/** A metric's past, a series a version, thinned evenly as it grows. */
export class History {
  private readonly series = new Map<string, { points: HistoryPoint[]; every: number; skipped: number }>();

  add(metric: string, windowMs: number, point: HistoryPoint): void {
    const key = `${metric}/${windowMs}/${point.version}`;
    let series = this.series.get(key);
    if (series === undefined) {
      series = { points: [], every: 1, skipped: 0 };
      this.series.set(key, series);
    }
    if (++series.skipped < series.every) return;
    series.skipped = 0;
    series.points.push(point);
    if (series.points.length <= maximumPoints) return;
    series.points = series.points.filter((_, index) => index % 2 === 0);
    series.every *= 2;
  }

  /** @param windowMs `null`: the longest one kept up to half an hour, else the shortest */
  read(metric: string, windowMs: number | null): { windowMs: number | null; points: HistoryPoint[] } {
    const windows = [...this.series.keys()]
      .map((key) => key.split('/'))
      .filter(([name]) => name === metric)
      .map(([, window]) => Number(window));
    const short = windows.filter((window) => window <= 1_800_000);
    const chosen = windowMs ?? (short.length > 0 ? Math.max(...short) : Math.min(...windows));
    const prefix = `${metric}/${chosen}/`;
    const points = [...this.series].filter(([key]) => key.startsWith(prefix)).flatMap(([, { points }]) => points);
    return { windowMs: Number.isFinite(chosen) ? chosen : null, points: points.sort((a, b) => a.atMs - b.atMs) };
  }
}
