import { CsvLog } from './csv-log.js';
import { logKind, placeIn } from './log-kind.js';
import type { LogReadingOptions } from './logged-event.js';
import { NdjsonLog } from './ndjson-log.js';
import { readParquetLog } from './parquet-log.js';
import { RefusedRows } from './refused-rows.js';
import { textPieces, UnreadableTextError } from './text-file.js';

export type { LoggedEvent, LogReadingOptions } from './logged-event.js';

export type LogReading =
  /** What can be replayed was told; these rows are left out. */
  | { readonly ok: true; readonly refused: RefusedRows }
  /** The log cannot be read, and why: with file and line. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads a log piece by piece: CSV or Parquet (a prediction a row, with its outcome if known) or NDJSON (an event a line, as
 * `POST /v1/events` takes it); text may be gzipped. The formats are described in `docs/replay.md`.
 */
export async function readLog(path: string, options: LogReadingOptions): Promise<LogReading> {
  const refused = new RefusedRows(path, placeIn(path));
  const kind = logKind(path);
  if (kind === 'parquet') {
    const problems = await readParquetLog(path, options, refused);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, refused };
  }
  const reader = kind === 'ndjson' ? new NdjsonLog(options, refused) : new CsvLog(options, refused);
  try {
    for await (const piece of textPieces(path)) {
      reader.read(piece, false);
      if (reader.problems.length > 0) break;
    }
    reader.read('', true);
  } catch (error) {
    if (error instanceof UnreadableTextError) return { ok: false, problems: [error.message] };
    throw error;
  } finally {
    if ('close' in reader) reader.close();
  }
  const problems = reader.problems.map((problem) => `${path}:${problem}`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, refused };
}
