import { create, type JsonValue } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { eventOfJson } from '@moola/collector/receive/domain/event-json';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  columns,
  CsvColumns,
  isNamedColumn,
  readCsvRow,
  requiredColumns,
  zoneHint,
  type CsvReading,
} from './csv-row.js';
import { readCsvRows, type QuoteFault } from './csv-rows.js';
import { RefusedRows } from './refused-rows.js';
import { readTextFile } from './text-file.js';

/** An event of a log, with the time at which a replay sends it. */
export interface LoggedEvent {
  readonly timeMs: number;
  readonly event: Event;
  /** Where it stands in the file, from 1. */
  readonly line: number;
}

export type LogReading =
  /** What can be replayed, and the rows that are left out. */
  | { readonly ok: true; readonly events: readonly LoggedEvent[]; readonly refused: RefusedRows }
  /** Nothing can be read, and why: with file and line. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface LogReadingOptions extends CsvReading {
  /** Why the doors would refuse an event that is sent at a time; `null` when they take it. */
  refusal(event: Event, timeMs: number): { readonly field: string; readonly detail: string } | null;
}

interface ReadRows {
  readonly events: LoggedEvent[];
  readonly refused: RefusedRows;
}

/**
 * Reads a log: CSV (a prediction a row, with its outcome if known) or NDJSON (an event a line, as `POST /v1/events`
 * takes it), either gzipped. The format is described in `docs/replay.md`.
 */
export function readLog(path: string, options: LogReadingOptions): LogReading {
  const file = readTextFile(path);
  if (!file.ok) return { ok: false, problems: [file.problem] };
  const rows: ReadRows = { events: [], refused: new RefusedRows(path) };
  if (/\.(ndjson|jsonl)(\.gz)?$/.test(path)) readNdjson(file.text, options, rows);
  else {
    const problems = readCsv(file.text, options, rows);
    if (problems.length > 0) return { ok: false, problems: problems.map((problem) => `${path}:${problem}`) };
  }
  return { ok: true, ...rows };
}

function readNdjson(text: string, options: LogReadingOptions, { events, refused }: ReadRows): void {
  text.split(/\r\n|\n|\r/).forEach((content, index) => {
    if (content.trim() === '') return;
    const line = index + 1;
    let value: JsonValue;
    try {
      value = JSON.parse(content) as JsonValue;
    } catch (error) {
      return refused.add(line, `is no JSON: ${(error as Error).message}`);
    }
    const read = eventOfJson(value, 'refused', options.clocks);
    if (!read.ok) {
      const { field, detail } = read.refused;
      return refused.add(line, `${field === '' ? '' : `${field}: `}${detail}${zoneHintIn(detail)}`);
    }
    const { event } = read;
    const time = event.kind.case === 'outcome' ? event.kind.value.knownAt : event.kind.value?.time;
    const problem = time === undefined ? noTime : problemOf(event, timestampMs(time), options, nameInEvent);
    if (problem !== null) refused.add(line, problem);
    else if (time !== undefined) events.push({ timeMs: timestampMs(time), event, line });
  });
}

const noTime = 'the event has no kind, or its kind no time';
const zoneHintIn = (detail: string) => (detail.startsWith('has no time zone') ? zoneHint('no-zone') : '');

const quotes: Readonly<Record<QuoteFault, string>> = {
  'inside a cell': 'has a quote inside a cell',
  'behind a closing quote': 'has something between a closing quote and the next comma',
  'never closed': 'opens a quote that is never closed',
};

/** @returns what is wrong with the header, with its line: then nothing is read */
function readCsv(text: string, options: LogReadingOptions, { events, refused }: ReadRows): readonly string[] {
  let header: readonly string[] | null = null;
  let places = new CsvColumns([]);
  let problems: readonly string[] = [];
  const outcomes = new Outcomes();
  readCsvRows(text, {
    unclear: (fault, line) => {
      const problem = `${quotes[fault]}: a cell with quotes stands in quotes as a whole, each quote of its own doubled ("5"" pipe")`;
      if (header === null) [header, problems] = [[], [`${line}: ${problem}`]];
      else refused.add(line, problem);
    },
    row: (cells, line) => {
      if (header === null) {
        header = cells;
        places = new CsvColumns(cells);
        problems = headerProblems(cells).map((problem) => `${line}: ${problem}`);
      } else if (problems.length === 0) readRow(header, cells, line);
    },
  });
  return header === null ? ['1: the file is empty'] : problems;

  function readRow(names: readonly string[], cells: readonly string[], line: number): void {
    const wrong = (detail: string) => refused.add(line, detail);
    if (cells.length !== names.length) return wrong(`has ${cells.length} cells, the header ${names.length}`);
    const row = readCsvRow(cells, places, options, wrong);
    if (row === null) return;
    const problem = problemOf(row.prediction, row.timeMs, options, nameInCsv);
    if (problem !== null) return wrong(problem);
    if (row.outcome === null) return void events.push({ timeMs: row.timeMs, event: row.prediction, line });
    const { truth, knownAtMs } = row.outcome;
    const before = outcomes.find(row.model, row.input);
    if (before !== null && before.truth !== truth)
      return wrong(`truth: "${truth}" of input ${row.input} contradicts "${before.truth}" in line ${before.line}`);
    const event = outcomeEvent(row.model, row.input, truth, knownAtMs);
    const unknowable = before === null ? problemOf(event, knownAtMs, options, nameInCsv) : null;
    if (unknowable !== null) return wrong(unknowable);
    events.push({ timeMs: row.timeMs, event: row.prediction, line });
    // Every version's row repeats the truth of its input: it is sent once.
    if (before !== null) return;
    outcomes.add(row.model, row.input, { truth, line });
    events.push({ timeMs: knownAtMs, event, line });
  }
}

interface ToldOutcome {
  readonly truth: string;
  readonly line: number;
}

/** The truth of each input, as the first row that tells it has it. */
class Outcomes {
  private readonly byModel = new Map<string, Map<string, ToldOutcome>>();

  find(model: string, input: string): ToldOutcome | null {
    return this.byModel.get(model)?.get(input) ?? null;
  }

  add(model: string, input: string, outcome: ToldOutcome): void {
    const byInput = this.byModel.get(model) ?? new Map<string, ToldOutcome>();
    this.byModel.set(model, byInput.set(input, outcome));
  }
}

function headerProblems(header: readonly string[]): string[] {
  const [only = ''] = header;
  const separator = header.length === 1 ? /[;\t|]/.exec(only)?.[0] : undefined;
  if (separator !== undefined)
    return [`cells are separated by ${separator === '\t' ? 'tabs' : `"${separator}"`}: commas are needed`];
  const missing = requiredColumns
    .filter((name) => !header.includes(name))
    .map((name) => `the header has no column "${name}"; it has ${header.join(', ')}`);
  const wrong = header.flatMap((name, index) => {
    const number = index + 1;
    if (header.indexOf(name) < index)
      return [`the column "${name}" stands twice: columns ${header.indexOf(name) + 1} and ${number}`];
    if (name === '') return [`column ${number} has no name (does it hold row numbers? leave it out)`];
    if (columns.includes(name) || isNamedColumn(name)) return [];
    return [`"${name}" is no column; known are ${columns.join(', ')}, segment.<name>, feature.<name>`];
  });
  return [...missing, ...wrong];
}

/** Why an event is not replayed; `null` when it is. */
function problemOf(
  event: Event,
  timeMs: number,
  options: LogReadingOptions,
  nameOf: (field: string) => string,
): string | null {
  if (timeMs < 0)
    return `${nameOf(timeField(event))}: ${new Date(timeMs).toISOString()} is before 1970, where replays begin`;
  const refused = options.refusal(event, timeMs);
  return refused === null ? null : `${nameOf(refused.field)}: ${refused.detail}`;
}

const timeField = ({ kind }: Event): string =>
  kind.case === 'outcome' ? 'outcome.knownAt' : `${kind.case ?? 'event'}.time`;
const nameInEvent = (field: string): string => field || 'event';

/** The column of an event's field: `latency_ms` of `prediction.latencyMs`. */
function nameInCsv(field: string): string {
  const [, name = field, key = ''] = /^\w+\.(\w+)(?:\.(.*))?$/.exec(field) ?? [];
  if (name === 'segments' || name === 'features') return key === '' ? name : `${name.slice(0, -1)}.${key}`;
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

function outcomeEvent(model: string, input: string, truth: string, knownAtMs: number): Event {
  const value = { model, input, truth, knownAt: timestampFromMs(knownAtMs) };
  return create(EventSchema, { source: 'log', kind: { case: 'outcome', value } });
}
