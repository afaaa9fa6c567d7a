import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { create, fromJsonString } from '@bufbuild/protobuf';
import { timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { parse } from 'csv-parse/sync';

/** An event of a log, with the time at which a replay sends it. */
export interface LoggedEvent {
  readonly timeMs: number;
  readonly event: Event;
}

export type LogReading =
  | { readonly ok: true; readonly events: readonly LoggedEvent[] }
  /** Every problem, with file and line. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** More problems than this are only counted: a file in the wrong format has one a line. */
const maximumProblems = 20;
const required = ['time', 'input', 'version'];
const known = [
  'time',
  'input',
  'version',
  'model',
  'build',
  'role',
  'class',
  'value',
  'score',
  'latency_ms',
  'cost_usd',
];
const columns = [...known, 'error', 'truth', 'known_at'];
const roles: Readonly<Record<string, Role>> = {
  '': Role.UNSPECIFIED,
  primary: Role.PRIMARY,
  shadow: Role.SHADOW,
  canary: Role.CANARY,
};

class Problems {
  readonly list: string[] = [];
  private more = 0;
  constructor(private readonly file: string) {}

  add(line: number, text: string): void {
    if (this.list.length < maximumProblems) this.list.push(`${this.file}:${line}: ${text}`);
    else this.more++;
  }

  result(events: LoggedEvent[]): LogReading {
    if (this.more > 0) this.list.push(`${this.file}: and ${this.more} more`);
    return this.list.length > 0 ? { ok: false, problems: this.list } : { ok: true, events };
  }
}

/**
 * Reads a log: CSV (a prediction a row, with its outcome if known) or NDJSON (an event a line, as `POST /v1/events`
 * takes it), either gzipped. The format is described in `docs/replay.md`.
 * @param model for CSV rows without a `model` column
 */
export function readLog(path: string, model: string): LogReading {
  let bytes = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  const text = bytes.toString('utf8');
  return /\.(ndjson|jsonl)(\.gz)?$/.test(path) ? readNdjson(text, path) : readCsv(text, path, model);
}

function readNdjson(text: string, file: string): LogReading {
  const problems = new Problems(file);
  const events: LoggedEvent[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    let event: Event;
    try {
      event = fromJsonString(EventSchema, line);
    } catch (error) {
      problems.add(index + 1, (error as Error).message);
      return;
    }
    const time = event.kind.case === 'outcome' ? event.kind.value.knownAt : event.kind.value?.time;
    if (time === undefined) problems.add(index + 1, 'the event has no kind, or its kind no time');
    else events.push({ timeMs: timestampDate(time).getTime(), event });
  });
  return problems.result(events);
}

function readCsv(text: string, file: string, model: string): LogReading {
  const problems = new Problems(file);
  const rows = parse(text, { relax_column_count: true, skip_empty_lines: true });
  const header = rows[0] ?? [];
  for (const name of required) {
    if (!header.includes(name)) problems.add(1, `the header has no column "${name}"; it has ${header.join(', ')}`);
  }
  for (const name of header) {
    if (!columns.includes(name) && !/^(segment|feature)\../.test(name))
      problems.add(1, `"${name}" is no column; known are ${columns.join(', ')}, segment.<name>, feature.<name>`);
  }
  const events: LoggedEvent[] = [];
  const truths = new Map<string, { truth: string; line: number }>();
  if (problems.list.length > 0) return problems.result(events);
  rows.slice(1).forEach((cells, index) => {
    const line = index + 2;
    if (cells.length !== header.length) {
      problems.add(line, `has ${cells.length} cells, the header ${header.length}`);
      return;
    }
    const row = new Map(header.map((name, i) => [name, cells[i] ?? '']));
    const cell = (name: string) => row.get(name) ?? '';
    const number = (name: string): number | undefined => {
      if (cell(name) === '') return undefined;
      const value = Number(cell(name));
      if (Number.isFinite(value)) return value;
      problems.add(line, `${name}: "${cell(name)}" is no number`);
      return undefined;
    };
    const instant = (name: string): number => {
      const value = Date.parse(cell(name));
      if (Number.isNaN(value)) problems.add(line, `${name}: "${cell(name)}" is no time (try 2026-01-31T12:00:00Z)`);
      return value;
    };
    const prefixed = (prefix: string) =>
      header.filter((name) => name.startsWith(prefix) && cell(name) !== '').map((name) => name.slice(prefix.length));

    const timeMs = instant('time');
    const role = roles[cell('role')];
    if (role === undefined) problems.add(line, `role: "${cell('role')}" is none of primary, shadow, canary`);
    const input = cell('input');
    if (input === '') problems.add(line, 'input: is empty');
    const version = cell('version');
    if (version === '') problems.add(line, 'version: is empty');
    const rowModel = cell('model') || model;
    const knownAtMs = cell('truth') === '' ? undefined : instant('known_at');
    if (Number.isNaN(timeMs) || Number.isNaN(knownAtMs)) return;
    const optional = {
      value: number('value'),
      score: number('score'),
      latencyMs: number('latency_ms'),
      costUsd: number('cost_usd'),
    };
    events.push({
      timeMs,
      event: create(EventSchema, {
        id: `${rowModel}/${version}/${input}`,
        source: 'log',
        kind: {
          case: 'prediction',
          value: {
            model: rowModel,
            version,
            build: cell('build'),
            role: role ?? Role.UNSPECIFIED,
            input,
            time: timestampFromMs(timeMs),
            class: cell('class'),
            ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
            error: cell('error'),
            segments: Object.fromEntries(prefixed('segment.').map((name) => [name, cell(`segment.${name}`)])),
            features: Object.fromEntries(prefixed('feature.').map((name) => [name, number(`feature.${name}`) ?? NaN])),
          },
        },
      }),
    });
    if (knownAtMs === undefined) return;
    const truth = cell('truth');
    const key = `${rowModel}/${input}`;
    const before = truths.get(key);
    if (before !== undefined) {
      if (before.truth !== truth)
        problems.add(line, `truth: "${truth}" of input ${input} contradicts "${before.truth}" in line ${before.line}`);
      return;
    }
    truths.set(key, { truth, line });
    events.push({
      timeMs: knownAtMs,
      event: create(EventSchema, {
        id: `${key}/outcome`,
        source: 'log',
        kind: { case: 'outcome', value: { model: rowModel, input, truth, knownAt: timestampFromMs(knownAtMs) } },
      }),
    });
  });
  return problems.result(events);
}
