/** More problems than this are only counted: a file in the wrong format has one a line. */
const mostListed = 20;

/** Gathers what is wrong with a file, by line. */
export class LogProblems {
  private readonly lines: string[] = [];
  private more = 0;

  constructor(private readonly file: string) {}

  add(line: number, text: string): void {
    if (this.lines.length < mostListed) this.lines.push(`${this.file}:${line}: ${text}`);
    else this.more++;
  }

  get found(): boolean {
    return this.lines.length > 0;
  }

  list(): readonly string[] {
    return this.more > 0 ? [...this.lines, `${this.file}: and ${this.more} more`] : this.lines;
  }
}
