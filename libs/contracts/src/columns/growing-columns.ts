import { indexWidth } from './packed.js';

type Columns = Readonly<Record<string, Float64Array | Uint32Array | Uint8Array>>;

/** Rows for which columns have room at first: a record may hold one. */
const leastRows = 16;

/** Columns of equal length, written row by row, with room for one more row whenever there is asked for it. */
export class GrowingColumns<C extends Columns> {
  /** Longer than the rows that were written; what is behind them means nothing. */
  columns: C;
  private room = leastRows;
  private readonly numberColumns: number;
  private readonly indexColumns: number;

  /** @param make the columns for so many rows */
  constructor(private readonly make: (rows: number) => C) {
    this.columns = make(leastRows);
    const all = Object.values(this.columns);
    this.numberColumns = all.filter((column) => column instanceof Float64Array).length;
    this.indexColumns = all.length - this.numberColumns;
  }

  /** Bytes that a row takes at most when its columns are packed, and its indexes point at one of so many entries. */
  packedWidth(entries: number): number {
    return this.numberColumns * 8 + this.indexColumns * indexWidth(entries);
  }

  /** The columns, with room for row `row`. */
  withRow(row: number): C {
    if (row >= this.room) this.grow();
    return this.columns;
  }

  private grow(): void {
    const before = this.columns;
    this.room *= 2;
    this.columns = this.make(this.room);
    for (const name of Object.keys(before)) this.columns[name]?.set(before[name] as Float64Array);
  }
}

export function indexes(rows: number): Uint32Array {
  return new Uint32Array(rows);
}

export function numbers(rows: number): Float64Array {
  return new Float64Array(rows);
}
