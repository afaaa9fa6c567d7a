/** What stands in the way of reading a row. */
export type QuoteFault = 'inside a cell' | 'behind a closing quote' | 'never closed';

export interface CsvReader {
  /** @param line in which the row begins, from 1 */
  row(cells: readonly string[], line: number): void;
  /** A row with quotes that can be read in two ways. Reading goes on in the line behind. */
  unclear(fault: QuoteFault, line: number): void;
}

const lineBreak = /\r\n|\n|\r/g;

/**
 * Reads RFC 4180: cells between commas; a cell in quotes may hold commas, line ends and doubled quotes. Lines may end in LF,
 * CR LF or CR, mixed as well; empty lines are passed over, and counted. A library would not tell the true line of a row
 * behind a cell with line ends.
 */
export class CsvRows {
  private line = 1;
  /** Begins a row that has not ended. */
  private rest = '';

  constructor(private readonly reader: CsvReader) {}

  /** @param piece ends where a line does, unless it is the last */
  read(piece: string, isLast: boolean): void {
    const { reader } = this;
    const text = this.rest === '' ? piece : this.rest + piece;
    this.rest = '';
    for (let at = 0; at < text.length;) {
      lineBreak.lastIndex = at;
      const found = lineBreak.exec(text);
      const end = found?.index ?? text.length;
      const next = found === null ? text.length : lineBreak.lastIndex;
      const first = text.slice(at, end);
      if (!first.includes('"')) {
        if (first !== '') reader.row(first.split(','), this.line);
        at = next;
        this.line++;
        continue;
      }
      const row = quotedRow(text, at);
      if (row === 'never closed' && !isLast) {
        this.rest = text.slice(at);
        return;
      }
      if (typeof row === 'string') {
        reader.unclear(row, this.line);
        at = next;
        this.line++;
      } else {
        reader.row(row.cells, this.line);
        this.line += lineBreaksIn(text.slice(at, row.end)) + 1;
        at = row.next;
      }
    }
  }
}

/** Reads a text that is all there. */
export function readCsvRows(text: string, reader: CsvReader): void {
  new CsvRows(reader).read(text, true);
}

interface QuotedRow {
  readonly cells: readonly string[];
  readonly end: number;
  /** Where the next row begins. */
  readonly next: number;
}

/** A row of which a cell at least has quotes. */
function quotedRow(text: string, start: number): QuotedRow | QuoteFault {
  const cells: string[] = [];
  for (let at = start; ;) {
    let end: number;
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1);
      if (close < 0) return 'never closed';
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
      end = close + 1;
      if (end < text.length && !/[,\r\n]/.test(text[end] ?? '')) return 'behind a closing quote';
    } else {
      end = at;
      while (end < text.length && !/[",\r\n]/.test(text[end] ?? '')) end++;
      if (text[end] === '"') return 'inside a cell';
      cells.push(text.slice(at, end));
    }
    if (text[end] !== ',') return { cells, end, next: end + (text.startsWith('\r\n', end) ? 2 : 1) };
    at = end + 1;
  }
}

/** Of a quoted cell; a doubled quote stands for one inside. */
function closingQuote(text: string, from: number): number {
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

const lineBreaksIn = (text: string): number => text.match(lineBreak)?.length ?? 0;
