import type { Place } from './log-kind.js';

/** More than this are only counted: a file in the wrong format has one a line. */
const mostListed = 20;

/** The rows of a file that were left out: what is wrong with them, by line. */
export class RefusedRows {
  private readonly lines: string[] = [];
  private more = 0;
  private lastLine = 0;
  private rows = 0;

  constructor(
    private readonly file: string,
    private readonly place: Place = 'line',
  ) {}

  /** @param line a row's own; problems of one row come one after the other */
  add(line: number, text: string): void {
    if (line !== this.lastLine) this.rows++;
    this.lastLine = line;
    if (this.lines.length < mostListed)
      this.lines.push(`${this.file}:${this.place === 'row' ? ' row ' : ''}${line}: ${text}`);
    else this.more++;
  }

  /** How many rows were refused. */
  get count(): number {
    return this.rows;
  }

  list(): readonly string[] {
    return this.more > 0 ? [...this.lines, `${this.file}: and ${this.more} more`] : this.lines;
  }
}
