import { joinedKey } from '@moola/contracts/joined-key';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { create, fromJsonString } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { parse } from 'csv-parse/sync';
import { columns, isNamedColumn, readCsvRow, requiredColumns } from './csv-row.js';
import { LogProblems } from './log-problems.js';

/** An event of a log, with the time at which a replay sends it. */
export interface LoggedEvent {
  readonly timeMs: number;
  readonly event: Event;
}

export type LogReading =
  | { readonly ok: true; readonly events: readonly LoggedEvent[] }
  /** Every problem, with file and line. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads a log: CSV (a prediction a row, with its outcome if known) or NDJSON (an event a line, as `POST /v1/events`
 * takes it), either gzipped. The format is described in `docs/replay.md`.
 * @param model for CSV rows without a `model` column
 */
export function readLog(path: string, model: string): LogReading {
  const bytes = readFileSync(path);
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const problems = new LogProblems(path);
  let text: string;
  try {
    text = (isZipped ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    return { ok: false, problems: [`${path}: cannot be unzipped: ${(error as Error).message}`] };
  }
  const isNdjson = /\.(ndjson|jsonl)(\.gz)?$/.test(path);
  const events = isNdjson ? readNdjson(text, problems) : readCsv(text, model, problems);
  return problems.found ? { ok: false, problems: problems.list() } : { ok: true, events };
}

function readNdjson(text: string, problems: LogProblems): LoggedEvent[] {
  const events: LoggedEvent[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    try {
      const event = fromJsonString(EventSchema, line);
      const { kind } = event;
      const time = kind.case === 'outcome' ? kind.value.knownAt : kind.value?.time;
      if (time === undefined) problems.add(index + 1, 'the event has no kind, or its kind no time');
      else events.push({ timeMs: timestampMs(time), event });
    } catch (error) {
      problems.add(index + 1, (error as Error).message);
    }
  });
  return events;
}

function readCsv(text: string, model: string, problems: LogProblems): LoggedEvent[] {
  const [header = [], ...rows] = parse(text, { relax_column_count: true, skip_empty_lines: true });
  checkHeader(header, problems);
  if (problems.found) return [];
  const events: LoggedEvent[] = [];
  const truths = new Map<string, { readonly truth: string; readonly line: number }>();
  rows.forEach((cells, index) => {
    const line = index + 2;
    const wrong = (detail: string) => problems.add(line, detail);
    if (cells.length !== header.length) return wrong(`has ${cells.length} cells, the header ${header.length}`);
    const row = readCsvRow(new Map(header.map((name, i) => [name, cells[i] ?? ''])), model, wrong);
    if (row === null) return;
    events.push({ timeMs: row.timeMs, event: row.prediction });
    if (row.outcome === null) return;
    // Every version's row repeats the truth of its input: it is sent once.
    const { truth, knownAtMs } = row.outcome;
    const key = joinedKey(row.model, row.input);
    const before = truths.get(key);
    if (before === undefined) {
      truths.set(key, { truth, line });
      events.push({ timeMs: knownAtMs, event: outcomeEvent(key, row.model, row.input, truth, knownAtMs) });
    } else if (before.truth !== truth)
      wrong(`truth: "${truth}" of input ${row.input} contradicts "${before.truth}" in line ${before.line}`);
  });
  return events;
}

function checkHeader(header: readonly string[], problems: LogProblems): void {
  for (const name of requiredColumns) {
    if (!header.includes(name)) problems.add(1, `the header has no column "${name}"; it has ${header.join(', ')}`);
  }
  for (const name of header) {
    if (!columns.includes(name) && !isNamedColumn(name))
      problems.add(1, `"${name}" is no column; known are ${columns.join(', ')}, segment.<name>, feature.<name>`);
  }
}

function outcomeEvent(key: string, model: string, input: string, truth: string, knownAtMs: number): Event {
  const value = { model, input, truth, knownAt: timestampFromMs(knownAtMs) };
  return create(EventSchema, { id: `${key}/outcome`, source: 'log', kind: { case: 'outcome', value } });
}
