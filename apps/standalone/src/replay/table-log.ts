import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { columns, CsvColumns, isNamedColumn, readCsvRow, requiredColumns } from './csv-row.js';
import type { Place } from './log-kind.js';
import { taken, type LogReadingOptions, type Taking } from './logged-event.js';
import { QuickCsvRow } from './quick-csv-row.js';
import type { RefusedRows } from './refused-rows.js';
import { tableSource } from './table-outcome.js';
import { ToldOutcomes } from './told-outcomes.js';

/** The rows of a log that is a table: a prediction a row, with its outcome if known. */
export class TableLog {
  private names: readonly string[] = [];
  private places = new CsvColumns([]);
  private quick: QuickCsvRow | null = null;
  private readonly outcomes = new ToldOutcomes();

  constructor(
    private readonly options: LogReadingOptions,
    private readonly refused: RefusedRows,
    private readonly place: Place,
  ) {}

  /** Lets go of what lies on the disk for it. */
  close(): void {
    this.outcomes.close();
  }

  /** To be called before the first row. @returns what is wrong with the columns: then there is nothing to read */
  header(names: readonly string[]): readonly string[] {
    this.names = names;
    this.places = new CsvColumns(names);
    if (this.options.takesPlainRows) this.quick = new QuickCsvRow(names, this.options.model);
    return headerProblems(names);
  }

  /**
   * @param cells in the order of the columns
   * @param line where the row stands, from 1
   */
  row(cells: readonly string[], line: number): void {
    const { names } = this;
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
    if (before !== null && !before.is(truth)) {
      const other = before.truth === null ? 'that' : `"${before.truth}"`;
      return wrong(`truth: "${truth}" of input ${input} contradicts ${other} in ${this.place} ${before.line}`);
    }
    // Every version's row repeats the truth of its input: it is sent once.
    if (before !== null) return options.take(prediction.event);
    const outcome = outcomeOf();
    if ('problem' in outcome) return wrong(outcome.problem);
    outcomes.add(truth, line);
    options.take(prediction.event);
    options.take(outcome.event);
  }
}

/** The name that pandas gives to an index without one. */
const pandasIndex = /^__index_level_\d+__$/;

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
    if (pandasIndex.test(name)) return [`"${name}" is the index of a data frame: leave it out (pandas: index=False)`];
    if (name === '') return [`column ${number} has no name (does it hold row numbers? leave it out)`];
    if (columns.includes(name) || isNamedColumn(name)) return [];
    return [
      `"${name}" is no column; known are ${columns.join(', ')}, segment.<name>, feature.<name>, probability.<class>`,
    ];
  });
  return [...missing, ...wrong];
}

const singular: Readonly<Record<string, string>> = {
  ...{ segments: 'segment', features: 'feature', probabilities: 'probability' },
};

/** The column of an event's field: `latency_ms` of `prediction.latencyMs`. */
function nameInCsv(field: string): string {
  const [, name = field, key = ''] = /^\w+\.(\w+)(?:\.(.*))?$/.exec(field) ?? [];
  const one = singular[name];
  if (one !== undefined) return key === '' ? name : `${one}.${key}`;
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

function outcomeEvent(model: string, input: string, truth: string, knownAtMs: number): Event {
  const value = { model, input, truth, knownAt: timestampFromMs(knownAtMs) };
  return create(EventSchema, { source: tableSource, kind: { case: 'outcome', value } });
}
