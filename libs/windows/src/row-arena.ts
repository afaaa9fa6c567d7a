/** No row: the first one of a arena, which holds zeros and is never given out. */
export const noRow = 0;

/**
 * Rows of equally many numbers, all in one array: the memory of a hundred thousand series is a handful of objects, and
 * nothing is left for the collector of garbage to do. A row is known by the place of its first number; its fields stand
 * at that place plus the field's own. Freed rows are given out again.
 */
export class RowArena {
  /** Another array when rows have been taken: not to be kept across a `take`. */
  values: Float64Array;
  private readonly freed: number[] = [];
  private end: number;
  /** How many rows are in use. */
  live = 0;

  /** @param width numbers in a row */
  constructor(readonly width: number) {
    this.values = new Float64Array(4 * width);
    this.end = width;
  }

  /** A row of zeros. */
  take(): number {
    this.live++;
    const row = this.freed.pop() ?? this.extend();
    const { values } = this;
    for (let at = row; at < row + this.width; at++) values[at] = 0;
    return row;
  }

  /**
   * Gives a row back. It holds NaN until it is taken again: who goes on using it finds no number.
   * @throws when it was given back before
   */
  give(row: number): void {
    const { values } = this;
    if (row === noRow || Number.isNaN(values[row])) throw new Error(`row ${row} is not in use`);
    for (let at = row; at < row + this.width; at++) values[at] = NaN;
    this.freed.push(row);
    this.live--;
  }

  private extend(): number {
    const row = this.end;
    this.end += this.width;
    if (this.end > this.values.length) this.values = grown(this.values, new Float64Array(roomFor(this.end)));
    return row;
  }
}

/** How long an array becomes that must hold so many numbers. */
export function roomFor(length: number): number {
  return Math.ceil(length * 1.25);
}

/** @returns the larger array, with what the other holds */
export function grown<A extends Float64Array | Uint32Array | Uint16Array>(from: A, larger: A): A {
  larger.set(from);
  return larger;
}
