import { CsvRows, type QuoteFault } from './csv-rows.js';
import type { LogReadingOptions } from './logged-event.js';
import type { RefusedRows } from './refused-rows.js';
import { TableLog } from './table-log.js';

const quotes: Readonly<Record<QuoteFault, string>> = {
  'inside a cell': 'has a quote inside a cell',
  'behind a closing quote': 'has something between a closing quote and the next comma',
  'never closed': 'opens a quote that is never closed',
};

/** A log as CSV. */
export class CsvLog {
  /** What is wrong with the header, with its line: then nothing is read. */
  problems: readonly string[] = [];
  private hasHeader = false;
  private readonly table: TableLog;
  private readonly rows = new CsvRows({
    unclear: (fault, line) => {
      const problem = `${quotes[fault]}: a cell with quotes stands in quotes as a whole, each quote of its own doubled ("5"" pipe")`;
      if (this.hasHeader) this.refused.add(line, problem);
      else [this.hasHeader, this.problems] = [true, [`${line}: ${problem}`]];
    },
    row: (cells, line) => {
      if (!this.hasHeader) {
        this.hasHeader = true;
        this.problems = this.table.header(cells).map((problem) => `${line}: ${problem}`);
      } else if (this.problems.length === 0) this.table.row(cells, line);
    },
  });

  constructor(
    options: LogReadingOptions,
    private readonly refused: RefusedRows,
  ) {
    this.table = new TableLog(options, refused, 'line');
  }

  close(): void {
    this.table.close();
  }

  read(piece: string, isLast: boolean): void {
    this.rows.read(piece, isLast);
    if (isLast && !this.hasHeader) this.problems = ['1: the file is empty'];
  }
}
