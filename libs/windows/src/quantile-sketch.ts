import { capacityFor } from './blocks.js';
import type { PackedReader, PackedWriter } from './packed-numbers.js';
import { binOf, collapses } from './quantile-bins.js';
import { fromBottom, fromTop, type CellRange } from './quantile-rank.js';
import type { SketchCells } from './sketch-cells.js';
import type { RowArena } from './row-arena.js';

/** Where a sketch's numbers stand in a row, from its first on. */
const field = {
  /** How many values it holds. */
  count: 0,
  /** How many of them lay outside the range and were moved to its end. */
  collapsed: 1,
  /** How many bins hold something. */
  size: 2,
  /** Where its cells stand. */
  block: 3,
} as const;

/** After every bin. */
const noBin = 2 ** 16;
/** Of two sketches, while they are put together. */
const bins = new Uint16Array(noBin);
const counts = new Float64Array(noBin);

/**
 * Counts of values in bins of equal relative width, for percentiles with a bounded relative error (the idea of
 * HdrHistogram, and of DDSketch: C. Masson, J. E. Rim and H. K. Lee, VLDB 2019, with their linear interpolation).
 * Whole numbers in fixed bins: the same values give the same sketch in any order; adding and subtracting are exact;
 * bytes and back change nothing. Holds what occurred only: at most 2,049 bins of values. A sketch is part of a row, and known by
 * it: a row of zeros holds an empty one.
 */
export class QuantileSketches {
  /** Numbers that a sketch takes in a row. */
  static readonly width = 4;

  /** @param at where a sketch begins in its row */
  constructor(
    private readonly rows: RowArena,
    private readonly at: number,
    private readonly cells: SketchCells,
  ) {}

  count(row: number): number {
    return this.rows.values[row + this.at + field.count]!;
  }

  collapsed(row: number): number {
    return this.rows.values[row + this.at + field.collapsed]!;
  }

  add(row: number, value: number): void {
    const bin = binOf(value);
    if (collapses(value, bin)) this.rows.values[row + this.at + field.collapsed]!++;
    this.addBin(row, bin);
  }

  /** Counts one in a bin of the caller's meaning. @param bin below 65,536 */
  addBin(row: number, bin: number): void {
    const { values } = this.rows;
    const sketch = row + this.at;
    values[sketch + field.count]!++;
    const block = values[sketch + field.block]!;
    const size = values[sketch + field.size]!;
    const position = this.find(block, size, bin);
    if (position < size && this.cells.bins[block + position] === bin) this.cells.counts[block + position]!++;
    else this.insert(sketch, position, bin);
  }

  /** Visits the bins of two sketches that hold something, in order within each; one that both hold twice. */
  forEach(row: number, other: number, visit: (bin: number, count: number) => void): void {
    for (const { start, end } of [this.cellsOf(row), this.cellsOf(other)]) {
      for (let cell = start; cell < end; cell++) visit(this.cells.bins[cell]!, this.cells.counts[cell]!);
    }
  }

  /** Adds all that another sketch holds. */
  merge(row: number, other: number): void {
    this.combine(row + this.at, other + this.at, 1);
  }

  /** Takes away what was merged before. */
  subtract(row: number, other: number): void {
    this.combine(row + this.at, other + this.at, -1);
  }

  /** Gives an empty sketch what one of other rows holds; both have the same cells. */
  copy(row: number, others: QuantileSketches, other: number): void {
    const { values } = this.rows;
    const [to, from] = [row + this.at, other + others.at];
    const held = others.rows.values;
    const [block, size] = [held[from + field.block]!, held[from + field.size]!];
    for (let i = 0; i < size; i++) {
      bins[i] = this.cells.bins[block + i]!;
      counts[i] = this.cells.counts[block + i]!;
    }
    values[to + field.count] = held[from + field.count]!;
    values[to + field.collapsed] = held[from + field.collapsed]!;
    this.replace(to, size);
  }

  /** Gives back what a sketch holds, and leaves it empty. */
  clear(row: number): void {
    const { values } = this.rows;
    const sketch = row + this.at;
    this.cells.give(values[sketch + field.block]!, values[sketch + field.size]!);
    values.fill(0, sketch, sketch + QuantileSketches.width);
  }

  write(row: number, writer: PackedWriter): void {
    const { values } = this.rows;
    const sketch = row + this.at;
    const size = values[sketch + field.size]!;
    writer.number(size);
    writer.number(values[sketch + field.collapsed]!);
    let last = 0;
    for (let cell = values[sketch + field.block]!, end = cell + size; cell < end; cell++) {
      const bin = this.cells.bins[cell]!;
      writer.number(bin - last);
      writer.number(this.cells.counts[cell]!);
      last = bin;
    }
  }

  /** Reads what `write` wrote into an empty sketch. */
  read(row: number, reader: PackedReader): void {
    const { values } = this.rows;
    const sketch = row + this.at;
    const size = reader.number();
    values[sketch + field.collapsed] = reader.number();
    let bin = 0;
    let total = 0;
    for (let i = 0; i < size; i++) {
      bin += reader.number();
      bins[i] = bin;
      counts[i] = reader.number();
      total += counts[i]!;
    }
    values[sketch + field.count] = total;
    this.replace(sketch, size);
  }

  /**
   * The percentile of two sketches together, by nearest rank: the smallest value that at least `percent` % of the values
   * do not exceed. `undefined` without values.
   * @param percent above 0, at most 100
   */
  percentile(percent: number, row: number, other: number): number | undefined {
    const total = this.count(row) + this.count(other);
    if (total === 0) return undefined;
    const rank = Math.ceil((total * percent) / 100);
    const [mine, theirs] = [this.cellsOf(row), this.cellsOf(other)];
    // From the end that is nearer: budgets and rules look at high percentiles, at every tick.
    const found =
      2 * rank > total ? fromTop(total - rank, this.cells, mine, theirs) : fromBottom(rank, this.cells, mine, theirs);
    if (found === undefined) throw new Error(`the sketch in row ${row} or ${other} is not in use`);
    return found;
  }

  private cellsOf(row: number): CellRange {
    const { values } = this.rows;
    const start = values[row + this.at + field.block]!;
    return { start, end: start + values[row + this.at + field.size]! };
  }

  /** The position at which a bin stands, or belongs. */
  private find(block: number, size: number, bin: number): number {
    const held = this.cells.bins;
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (held[block + middle]! < bin) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The bin of a cell, `noBin` after the last. */
  private binAt(cell: number, end: number): number {
    return cell < end ? this.cells.bins[cell]! : noBin;
  }

  private insert(sketch: number, position: number, bin: number): void {
    const { values } = this.rows;
    const from = values[sketch + field.block]!;
    const size = values[sketch + field.size]!;
    const to = capacityFor(size + 1) === capacityFor(size) ? from : this.cells.take(size + 1);
    const { bins: all, counts: amounts } = this.cells;
    for (let i = size; i > position; i--) {
      all[to + i] = all[from + i - 1]!;
      amounts[to + i] = amounts[from + i - 1]!;
    }
    all[to + position] = bin;
    amounts[to + position] = 1;
    values[sketch + field.size] = size + 1;
    if (to === from) return;
    for (let i = 0; i < position; i++) {
      all[to + i] = all[from + i]!;
      amounts[to + i] = amounts[from + i]!;
    }
    values[sketch + field.block] = to;
    this.cells.give(from, size);
  }

  private combine(sketch: number, other: number, sign: 1 | -1): void {
    const { values } = this.rows;
    values[sketch + field.count]! += sign * values[other + field.count]!;
    values[sketch + field.collapsed]! += sign * values[other + field.collapsed]!;
    if (!this.combineInPlace(sketch, other, sign)) this.replace(sketch, this.combineAnew(sketch, other, sign));
  }

  /** Does nothing and says so when bins come or go. */
  private combineInPlace(sketch: number, other: number, sign: 1 | -1): boolean {
    const { values } = this.rows;
    const { bins: all, counts: amounts } = this.cells;
    const start = values[sketch + field.block]!;
    const end = start + values[sketch + field.size]!;
    const first = values[other + field.block]!;
    const last = first + values[other + field.size]!;
    for (let i = start, j = first; j < last; j++) {
      const bin = all[j]!;
      while (i < end && all[i]! < bin) i++;
      if (i === end || all[i] !== bin || amounts[i]! + sign * amounts[j]! === 0) return false;
    }
    for (let i = start, j = first; j < last; j++) {
      const bin = all[j]!;
      while (all[i]! < bin) i++;
      amounts[i]! += sign * amounts[j]!;
    }
    return true;
  }

  /** Puts two sketches together in `bins` and `counts`. @returns how many bins hold something */
  private combineAnew(sketch: number, other: number, sign: 1 | -1): number {
    const { values } = this.rows;
    let i = values[sketch + field.block]!;
    let j = values[other + field.block]!;
    const iEnd = i + values[sketch + field.size]!;
    const jEnd = j + values[other + field.size]!;
    let size = 0;
    while (i < iEnd || j < jEnd) {
      const [myBin, theirBin] = [this.binAt(i, iEnd), this.binAt(j, jEnd)];
      const bin = Math.min(myBin, theirBin);
      let count = 0;
      if (myBin === bin) count += this.cells.counts[i++]!;
      if (theirBin === bin) count += sign * this.cells.counts[j++]!;
      if (count === 0) continue;
      bins[size] = bin;
      counts[size++] = count;
    }
    return size;
  }

  /** Gives a sketch the first `size` of `bins` and `counts` in place of its cells. */
  private replace(sketch: number, size: number): void {
    const { values } = this.rows;
    const before = values[sketch + field.size]!;
    let block = values[sketch + field.block]!;
    if (capacityFor(size) !== capacityFor(before)) {
      this.cells.give(block, before);
      block = this.cells.take(size);
    }
    const { bins: all, counts: amounts } = this.cells;
    for (let i = 0; i < size; i++) {
      all[block + i] = bins[i]!;
      amounts[block + i] = counts[i]!;
    }
    values[sketch + field.block] = block;
    values[sketch + field.size] = size;
  }
}
