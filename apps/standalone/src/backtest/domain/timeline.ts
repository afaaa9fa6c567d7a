import type { Span } from './score.js';

/** What is drawn, from the least to the most important. */
export type DrawnState = 'inactive' | 'resolved' | 'pending' | 'real' | 'firing';

const marks: Readonly<Record<DrawnState, string>> = {
  inactive: '·',
  resolved: '·',
  pending: '▒',
  real: '█',
  firing: '█',
};
const order: readonly DrawnState[] = ['inactive', 'resolved', 'pending', 'real', 'firing'];

export interface DrawnChange {
  readonly atMs: number;
  readonly state: DrawnState;
  /** What it is the state of: several may be drawn in one line. */
  readonly series: string;
}

/**
 * A line of so many characters over a span: each shows the most important state of any series in its stretch of time.
 * @param changes in order of time, of each series
 */
export function timeline(changes: readonly DrawnChange[], { fromMs, toMs }: Span, width: number): string {
  const cells = new Array<number>(width).fill(0);
  const cellMs = Math.max(1, toMs - fromMs) / width;
  const cellOf = (timeMs: number) => Math.min(width - 1, Math.max(0, Math.floor((timeMs - fromMs) / cellMs)));
  const open = new Map<string, DrawnChange>();
  const draw = ({ atMs, state }: DrawnChange, untilMs: number) => {
    const rank = order.indexOf(state);
    // What lasts up to a cell's begin is not in it; what lasts no time is still seen.
    const last = cellOf(Math.max(atMs, untilMs - 1));
    for (let cell = cellOf(atMs); cell <= last; cell++) cells[cell] = Math.max(cells[cell] ?? 0, rank);
  };
  for (const change of changes) {
    const before = open.get(change.series);
    if (before !== undefined) draw(before, change.atMs);
    open.set(change.series, change);
  }
  for (const last of open.values()) draw(last, toMs);
  return cells.map((rank) => marks[order[rank] ?? 'inactive']).join('');
}
