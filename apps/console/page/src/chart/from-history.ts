import type { HistoryRowsView } from '../../../src/history/api/views';
import type { HistoryPoint } from '../../../src/read-model/views';
import type { ShownHistory } from './metrics';

/** A time in which history has nothing of any version. */
export interface Missing {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ReadPoints {
  readonly points: readonly HistoryPoint[];
  readonly missing: readonly Missing[];
}

/** Ratios of the sums of closed buckets. */
const ratios: Readonly<Record<string, readonly [part: string, whole: string]>> = {
  accuracy: ['correct', 'labelled'],
  error_rate: ['errors', 'predictions'],
};

/** Whether history can show a metric by the time of its predictions. */
export const hasBuckets = (metric: string): boolean => metric in ratios;

interface Asked {
  readonly base: string;
  readonly model: string;
  readonly metric: string;
  readonly shown: ShownHistory;
  readonly fromMs: number;
  readonly toMs: number;
}

export function historyPath({ base, model, metric, shown, fromMs, toMs }: Asked): string {
  const query = new URLSearchParams({ model, from: String(fromMs), to: String(toMs), limit: '10000' });
  if (shown.by === 'prediction-time') return `${base}/history/buckets?${query.toString()}`;
  query.set('metric', metric);
  query.set('windowMs', String(shown.windowMs));
  query.append('dimension', '');
  return `${base}/history/figures?${query.toString()}`;
}

type Row = HistoryRowsView['rows'][number];

function pointOf(row: Row, metric: string, resolutionMs: number): HistoryPoint | null {
  const number = (name: string): number | null => (typeof row[name] === 'number' ? row[name] : null);
  const at = {
    atMs: (number('timeMs') ?? 0) + resolutionMs,
    version: typeof row['version'] === 'string' ? row['version'] : '',
  };
  if ('metric' in row) {
    const { serving } = row;
    const interval = { lower: number('lower'), upper: number('upper') };
    return { ...at, ...interval, serving: serving === true, value: number('value'), samples: number('samples') ?? 0 };
  }
  const [part = '', whole = ''] = ratios[metric] ?? [];
  const samples = number(whole) ?? 0;
  if (samples === 0) return null;
  const value = (number(part) ?? 0) / samples;
  return { ...at, serving: row['role'] === 'primary', value, samples, lower: null, upper: null };
}

/** Points of a chart from rows of history: at the end of each bucket, and none where nothing was published. */
export function pointsOf({ rows, resolutionMs, fromMs, toMs }: HistoryRowsView, metric: string): ReadPoints {
  const lengthMs = resolutionMs ?? 0;
  const known = rows.flatMap((row) => pointOf(row, metric, lengthMs) ?? []);
  const newest = new Map<string, HistoryPoint>();
  const points: HistoryPoint[] = [];
  for (const point of known) {
    const before = newest.get(point.version);
    if (before !== undefined && point.atMs - before.atMs > lengthMs)
      points.push(broken(before, before.atMs + lengthMs));
    newest.set(point.version, point);
    points.push(point);
  }
  return { points: points.sort((a, b) => a.atMs - b.atMs), missing: missingIn(known, lengthMs, fromMs, toMs) };
}

/** Nothing is known from here on: the line breaks. */
const broken = (point: HistoryPoint, atMs: number): HistoryPoint => ({
  ...{ ...point, atMs, value: null, lower: null, upper: null, samples: 0 },
});

/** Less than three buckets in a row is a pause between figures, not a gap. */
const leastBuckets = 3;

function missingIn(points: readonly HistoryPoint[], lengthMs: number, fromMs: number, toMs: number): Missing[] {
  const ends = [...new Set(points.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const missing: Missing[] = [];
  let knownUntil = fromMs;
  for (const end of [...ends, toMs + lengthMs]) {
    const startMs = end - lengthMs;
    if (startMs - knownUntil >= leastBuckets * lengthMs) missing.push({ fromMs: knownUntil, toMs: startMs });
    knownUntil = Math.max(knownUntil, end);
  }
  return missing;
}
