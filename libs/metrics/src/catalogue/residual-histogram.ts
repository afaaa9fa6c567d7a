import { residualCounts } from '../accumulators/residual-counts.js';
import type { WindowFigures } from '../metric.js';
import { innerEdge, isNegative, octaveEnd } from '../residual-bins.js';
import { bias } from './bias.js';

/** So many bars lie on a side of 0 at most: their edges are edges of bins, so that no residual is counted in another's bar. */
const mostBarsOfSide = 16;
/** At most so large a share of the residuals lies beyond the bars. */
const beyondShare = 0.01;

/** Residuals between two edges; one on an edge belongs to the bar further from 0, and 0 to that above it. */
export interface ResidualBar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface ResidualHistogram {
  readonly count: number;
  /** Mean of answer − truth. */
  readonly bias: number;
  /** Of equal width, side by side, the empty ones among them. */
  readonly bars: readonly ResidualBar[];
  /** How many lie beyond the first and the last bar. */
  readonly below: number;
  readonly above: number;
}

/**
 * The residuals of a window in bars whose width is a power of two: the smallest with which 16 on either side of 0 hold 99 % of them.
 * The counts are exact. `undefined` without any.
 */
export function residualHistogram(window: WindowFigures): ResidualHistogram | undefined {
  const counts = countsByBin(window);
  const count = sum(counts.values());
  const mean = bias.measure(window).value;
  if (count === 0 || mean === undefined) return undefined;
  const width = widthFor(counts, count * beyondShare);
  const bars = new Map<number, number>();
  let [below, above] = [0, 0];
  for (const [bin, times] of counts) {
    const bar = barOf(bin, width);
    if (bar < -mostBarsOfSide) below += times;
    else if (bar >= mostBarsOfSide) above += times;
    else bars.set(bar, (bars.get(bar) ?? 0) + times);
  }
  return { count, bias: mean, bars: inRow(bars, width), below, above };
}

function countsByBin(window: WindowFigures): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  window.forEachCell(residualCounts, (bin, count) => counts.set(bin, (counts.get(bin) ?? 0) + count));
  return counts;
}

/** The smallest power of two with which at most `beyond` residuals lie outside the bars. */
function widthFor(counts: ReadonlyMap<number, number>, beyond: number): number {
  const bySize = [...counts].map(([bin, count]) => [octaveEnd(bin), count] as const);
  let outside = 0;
  for (const [end, count] of bySize.sort(([a], [b]) => b - a)) {
    outside += count;
    if (outside > beyond) return end === 0 ? 1 : end / mostBarsOfSide;
  }
  return 1;
}

/** Which bar holds a bin: 0 is the one from 0 on, −1 the one below it. */
function barOf(bin: number, width: number): number {
  const bar = Math.floor(Math.abs(innerEdge(bin)) / width);
  return isNegative(bin) ? -1 - bar : bar;
}

/** From the first bar that holds something to the last. */
function inRow(bars: ReadonlyMap<number, number>, width: number): ResidualBar[] {
  const first = Math.min(...bars.keys());
  const length = Math.max(...bars.keys()) - first + 1;
  return Array.from({ length }, (_, i) => ({
    from: (first + i) * width,
    to: (first + i + 1) * width,
    count: bars.get(first + i) ?? 0,
  }));
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
