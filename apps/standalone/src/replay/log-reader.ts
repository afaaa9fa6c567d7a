import { create, type JsonValue } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { eventOfJson } from '@moola/collector/receive/domain/event-json';
import type { Received } from '@moola/collector/receive/domain/receive';
import { EventSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import {
  columns,
  CsvColumns,
  isNamedColumn,
  readCsvRow,
  requiredColumns,
  zoneHint,
  type CsvReading,
} from './csv-row.js';
import { CsvRows, type QuoteFault } from './csv-rows.js';
import { QuickCsvRow } from './quick-csv-row.js';
import { RefusedRows } from './refused-rows.js';
import { textPieces, UnreadableTextError } from './text-file.js';
import { ToldOutcomes } from './told-outcomes.js';

/** An event of a log as the doors take it, with the time at which a replay sends it. */
export interface LoggedEvent {
  readonly timeMs: number;
  readonly row: IntakeRow;
  /** Whether the log says in which role a prediction was made. */
  readonly hasRole: boolean;
  /** Where it stands in the file, from 1. */
  readonly line: number;
}

export type LogReading =
  /** What can be replayed was told; these rows are left out. */
  | { readonly ok: true; readonly refused: RefusedRows }
  /** The log cannot be read, and why: with file and line. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface LogReadingOptions extends CsvReading {
  /** Makes an event that is sent at a time a row, or says why the doors would refuse it. */
  receive(event: Event, timeMs: number): Received;
  /** Told each event that can be replayed, in the order of the file. */
  take(event: LoggedEvent): void;
  /** Whether rows of CSV that are plainly right need not be shown to `receive`, which would take them. */
  readonly takesPlainRows?: boolean;
}

/**
 * Reads a log piece by piece: CSV (a prediction a row, with its outcome if known) or NDJSON (an event a line, as
 * `POST /v1/events` takes it), either gzipped. The format is described in `docs/replay.md`.
 */
export async function readLog(path: string, options: LogReadingOptions): Promise<LogReading> {
  const refused = new RefusedRows(path);
  const reader = /\.(ndjson|jsonl)(\.gz)?$/.test(path) ? new NdjsonLog(options, refused) : new CsvLog(options, refused);
  try {
    for await (const piece of textPieces(path)) {
      reader.read(piece, false);
      if (reader.problems.length > 0) break;
    }
    reader.read('', true);
  } catch (error) {
    if (error instanceof UnreadableTextError) return { ok: false, problems: [error.message] };
    throw error;
  }
  const problems = reader.problems.map((problem) => `${path}:${problem}`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, refused };
}

/** An event as a row, or why it is not replayed. */
type Taking = { readonly event: LoggedEvent } | { readonly problem: string };

class NdjsonLog {
  readonly problems: readonly string[] = [];
  private line = 0;

  constructor(
    private readonly options: LogReadingOptions,
    private readonly refused: RefusedRows,
  ) {}

  read(piece: string, _isLast: boolean): void {
    const lines = piece.split(/\r\n|\n|\r/);
    // What follows the last line end begins the next piece.
    if (lines.at(-1) === '') lines.pop();
    for (const content of lines) this.readLine(content, ++this.line);
  }

  private readLine(content: string, line: number): void {
    const { options, refused } = this;
    if (content.trim() === '') return;
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
    if (time === undefined) return refused.add(line, noTime);
    const taking = taken(event, timestampMs(time), line, options, nameInEvent);
    if ('problem' in taking) refused.add(line, taking.problem);
    else options.take(taking.event);
  }
}

const noTime = 'the event has no kind, or its kind no time';
const zoneHintIn = (detail: string) => (detail.startsWith('has no time zone') ? zoneHint('no-zone') : '');

const quotes: Readonly<Record<QuoteFault, string>> = {
  'inside a cell': 'has a quote inside a cell',
  'behind a closing quote': 'has something between a closing quote and the next comma',
  'never closed': 'opens a quote that is never closed',
};

class CsvLog {
  /** What is wrong with the header, with its line: then nothing is read. */
  problems: readonly string[] = [];
  private header: readonly string[] | null = null;
  private places = new CsvColumns([]);
  private quick: QuickCsvRow | null = null;
  private readonly outcomes = new ToldOutcomes();
  private readonly rows = new CsvRows({
    unclear: (fault, line) => {
      const problem = `${quotes[fault]}: a cell with quotes stands in quotes as a whole, each quote of its own doubled ("5"" pipe")`;
      if (this.header === null) [this.header, this.problems] = [[], [`${line}: ${problem}`]];
      else this.refused.add(line, problem);
    },
    row: (cells, line) => {
      if (this.header === null) {
        this.header = cells;
        this.places = new CsvColumns(cells);
        this.problems = headerProblems(cells).map((problem) => `${line}: ${problem}`);
        if (this.options.takesPlainRows) this.quick = new QuickCsvRow(cells, this.options.model);
      } else if (this.problems.length === 0) this.readRow(this.header, cells, line);
    },
  });

  constructor(
    private readonly options: LogReadingOptions,
    private readonly refused: RefusedRows,
  ) {}

  read(piece: string, isLast: boolean): void {
    this.rows.read(piece, isLast);
    if (isLast && this.header === null) this.problems = ['1: the file is empty'];
  }

  private readRow(names: readonly string[], cells: readonly string[], line: number): void {
    const wrong = (detail: string) => this.refused.add(line, detail);
    if (cells.length !== names.length) return wrong(`has ${cells.length} cells, the header ${names.length}`);
    const { options, quick } = this;
    const plain = quick?.read(cells) ?? null;
    if (quick !== null && plain !== null) {
      const { timeMs } = plain;
      const outcome = () => {
        const { timeMs: knownAtMs, row } = quick.outcome();
        return { event: { timeMs: knownAtMs, row, hasRole: false, line } };
      };
      return this.take(
        { event: { timeMs, row: plain, hasRole: quick.hasRole, line } },
        plain,
        quick.truth,
        outcome,
        line,
      );
    }
    const row = readCsvRow(cells, this.places, options, wrong);
    if (row === null) return;
    const { truth, knownAtMs } = row.outcome ?? { truth: '', knownAtMs: NaN };
    const outcome = () =>
      taken(outcomeEvent(row.model, row.input, truth, knownAtMs), knownAtMs, line, options, nameInCsv);
    this.take(taken(row.prediction, row.timeMs, line, options, nameInCsv), row, truth, outcome, line);
  }

  /**
   * @param truth empty: it is not known
   * @param outcomeOf makes the outcome
   */
  private take(
    prediction: Taking,
    { model, input }: { readonly model: string; readonly input: string },
    truth: string,
    outcomeOf: () => Taking,
    line: number,
  ): void {
    const { options, refused, outcomes } = this;
    const wrong = (detail: string) => refused.add(line, detail);
    if ('problem' in prediction) return wrong(prediction.problem);
    if (truth === '') return options.take(prediction.event);
    const before = outcomes.find(model, input);
    if (before !== null && before.truth !== truth)
      return wrong(`truth: "${truth}" of input ${input} contradicts "${before.truth}" in line ${before.line}`);
    // Every version's row repeats the truth of its input: it is sent once.
    if (before !== null) return options.take(prediction.event);
    const outcome = outcomeOf();
    if ('problem' in outcome) return wrong(outcome.problem);
    outcomes.add(model, input, { truth, line });
    options.take(prediction.event);
    options.take(outcome.event);
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

function taken(
  event: Event,
  timeMs: number,
  line: number,
  options: LogReadingOptions,
  nameOf: (field: string) => string,
): Taking {
  if (timeMs < 0) {
    const time = new Date(timeMs).toISOString();
    return { problem: `${nameOf(timeField(event))}: ${time} is before 1970, where replays begin` };
  }
  const hasRole = event.kind.case === 'prediction' && event.kind.value.role !== Role.UNSPECIFIED;
  const received = options.receive(event, timeMs);
  if (received.accepted) return { event: { timeMs, row: received.row, hasRole, line } };
  return { problem: `${nameOf(received.refused.field)}: ${received.refused.detail}` };
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
