export type LogKind = 'csv' | 'ndjson' | 'parquet';

/** The format of a log, by the name of its file. */
export function logKind(path: string): LogKind {
  if (/\.(ndjson|jsonl)(\.gz)?$/.test(path)) return 'ndjson';
  return path.endsWith('.parquet') ? 'parquet' : 'csv';
}

/** How the places of a file are called in what is said of its rows. */
export type Place = 'line' | 'row';

export const placeIn = (path: string): Place => (logKind(path) === 'parquet' ? 'row' : 'line');
