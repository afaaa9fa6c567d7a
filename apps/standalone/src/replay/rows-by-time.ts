import { caseOf } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';
import { decodeSorted, encodeSorted } from './sorted-rows-codec.js';
import { TemporaryFile } from './temporary-file.js';

/** A row, and when a replay sends it. */
export interface TimedRow {
  readonly timeMs: number;
  readonly row: IntakeRow;
}

/** Rows that follow each other in a run, as they are read back: together, as bytes of a file. */
interface Block {
  readonly at: number;
  readonly bytes: number;
}

/** Rows in order: in memory, or as blocks. */
interface Run {
  readonly firstMs: number;
  readonly rows: readonly TimedRow[] | readonly Block[];
}

/** What is kept in memory at most before it goes to the disk, and what is read back at once, in rows. */
const runRows = 4096;
const blockRows = 256;

/**
 * Sorts the rows of a log, however many: by step; within a step deployments before predictions before outcomes before the
 * rest; then by time; then as they came. What is more than a run lies sorted in a file, a run after the other, and is merged when it is
 * read; a run is opened when its first row is due. So memory does not grow with a log that is roughly in order.
 */
export class RowsByTime {
  private pending: TimedRow[] = [];
  private readonly runs: Run[] = [];
  private file: TemporaryFile | null = null;

  constructor(private readonly stepMs: number) {}

  add(row: TimedRow): void {
    this.pending.push(row);
    if (this.pending.length === runRows) this.runs.push(this.stored(this.sorted()));
  }

  /** All rows in order. To be called when all were added; as often as one likes. */
  *inOrder(): IterableIterator<TimedRow> {
    if (this.pending.length > 0) this.runs.push(inMemory(this.sorted()));
    const waiting = this.runs
      .map((run, index) => new Head(this.rowsOf(run), index, run.firstMs))
      .sort((a, b) => this.step(a.firstMs) - this.step(b.firstMs) || a.index - b.index);
    let open: Head[] = [];
    for (;;) {
      let first = this.first(open);
      for (
        let [next] = waiting;
        next !== undefined && (first === null || this.step(next.firstMs) <= this.step(first.row.timeMs));
        [next] = waiting
      ) {
        waiting.shift();
        if (next.advance()) open.push(next);
        first = this.first(open);
      }
      if (first === null) return;
      yield first.row;
      const spent = first;
      if (!spent.advance()) open = open.filter((head) => head !== spent);
    }
  }

  /** Removes what lies on the disk. */
  close(): void {
    this.file?.close();
    this.file = null;
  }

  private sorted(): TimedRow[] {
    // Stable: the log's own order decides among equals.
    const rows = this.pending.sort((a, b) => this.compare(a, b));
    this.pending = [];
    return rows;
  }

  private first(heads: readonly Head[]): Head | null {
    let first: Head | null = null;
    for (const head of heads) if (first === null || this.precedes(head, first)) first = head;
    return first;
  }

  private precedes(a: Head, b: Head): boolean {
    const order = this.compare(a.row, b.row);
    return order < 0 || (order === 0 && a.index < b.index);
  }

  private compare(a: TimedRow, b: TimedRow): number {
    return this.step(a.timeMs) - this.step(b.timeMs) || orderOf(a.row) - orderOf(b.row) || a.timeMs - b.timeMs;
  }

  private step(timeMs: number): number {
    return Math.floor(timeMs / this.stepMs);
  }

  private stored(rows: readonly TimedRow[]): Run {
    this.file ??= new TemporaryFile('rows');
    const blocks: Block[] = [];
    for (let from = 0; from < rows.length; from += blockRows) {
      const bytes = encodeSorted(rows.slice(from, from + blockRows));
      blocks.push({ at: this.file.append(bytes), bytes: bytes.length });
    }
    return { ...inMemory(rows), rows: blocks };
  }

  private *rowsOf(run: Run): IterableIterator<TimedRow> {
    for (const each of run.rows) {
      if ('row' in each) yield each;
      else yield* decodeSorted((this.file as TemporaryFile).read(each.at, each.bytes));
    }
  }
}

/** Where the reading of a run stands. */
class Head {
  row!: TimedRow;

  constructor(
    private readonly rows: IterableIterator<TimedRow>,
    readonly index: number,
    readonly firstMs: number,
  ) {}

  /** @returns false when there is no further row */
  advance(): boolean {
    const next = this.rows.next();
    if (next.done === true) return false;
    this.row = next.value;
    return true;
  }
}

function inMemory(rows: readonly TimedRow[]): Run {
  return { rows, firstMs: rows[0]?.timeMs ?? Infinity };
}

const orders: Readonly<Record<string, number>> = { deployment: 0, prediction: 1, outcome: 2 };

function orderOf(row: IntakeRow): number {
  return row.kind === 'prediction' ? 1 : (orders[caseOf(row) ?? ''] ?? 3);
}
