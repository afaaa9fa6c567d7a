import type { PackedReader, PackedWriter } from './packed-numbers.js';
import { QuantileSketches } from './quantile-sketch.js';
import type { SketchCells } from './sketch-cells.js';
import { noRow, RowArena } from './row-arena.js';
import { addWide, subtractWide, wideValue } from './wide-sums.js';

/** What buckets of one kind hold, by names of their numbers. All are whole. */
export interface BucketKind {
  /** Sums over a bucket: added and subtracted exactly. */
  readonly sums: readonly string[];
  /** Sums after those that may pass 2⁵³: as many numbers follow them, the high word of each. See `wide-sums.ts`. */
  readonly wide?: readonly string[];
  /** Marks of a bucket: two together have the higher, and keep it. */
  readonly marks?: readonly string[];
  /** What is not kept in a checkpoint, nor added. */
  readonly unsaved?: readonly string[];
  /** The fields in the order in which entries of format 2 hold them, where that is another. */
  readonly inFormat2?: readonly number[];
}

/** Format of buckets before sums had a high word. */
export const narrowFormat = 2;
/** Format of buckets as they are written. */
export const bucketFormat = 3;

/** Sketches of a kind that has them, nothing of one that has none. */
export type SketchesOf<S extends 'sketch' | 'no sketch'> = S extends 'sketch' ? QuantileSketches : null;

/** Buckets and sums of one kind, each a row: its index, its sums, their high words, its marks, its sketch, what is not saved. */
export class BucketStore<S extends 'sketch' | 'no sketch' = 'sketch' | 'no sketch'> {
  readonly rows: RowArena;
  readonly sketches: SketchesOf<S>;
  private readonly wideAt: number;
  private readonly wide: number;
  private readonly marksAt: number;
  private readonly marksEnd: number;

  private constructor(
    private readonly kind: BucketKind,
    sketchOf: (rows: RowArena, at: number) => SketchesOf<S>,
    sketchWidth: number,
  ) {
    this.wideAt = 1 + kind.sums.length;
    this.wide = kind.wide?.length ?? 0;
    this.marksAt = this.wideAt + 2 * this.wide;
    this.marksEnd = this.marksAt + (kind.marks?.length ?? 0);
    this.rows = new RowArena(this.marksEnd + sketchWidth + (kind.unsaved?.length ?? 0));
    this.sketches = sketchOf(this.rows, this.marksEnd);
  }

  static plain(kind: BucketKind): BucketStore<'no sketch'> {
    return new BucketStore<'no sketch'>(kind, () => null, 0);
  }

  static withSketch(kind: BucketKind, cells: SketchCells): BucketStore<'sketch'> {
    const sketches = (rows: RowArena, at: number): QuantileSketches => new QuantileSketches(rows, at, cells);
    return new BucketStore<'sketch'>(kind, sketches, QuantileSketches.width);
  }

  /** @param index which bucket it is, counted from the epoch in its tier's length; 0 for a sum */
  create(index: number): number {
    const row = this.rows.take();
    this.rows.values[row] = index;
    return row;
  }

  free(row: number): void {
    this.sketches?.clear(row);
    this.rows.give(row);
  }

  indexOf(row: number): number {
    return this.rows.values[row]!;
  }

  /** One number of a bucket; of `noRow` 0. */
  get(row: number, field: number): number {
    return this.rows.values[row + field]!;
  }

  /** A sum that has a high word, as one number. */
  getWide(row: number, field: number): number {
    return wideValue(this.get(row, field), this.get(row, field + this.wide));
  }

  /** Adds a whole number below 2⁵³ to a sum that has a high word. */
  addTo(row: number, field: number, term: number): void {
    addWide(this.rows.values, row + field, row + field + this.wide, term);
  }

  /** Adds all that a bucket holds to `total`. */
  add(total: number, bucket: number): void {
    const { values } = this.rows;
    for (let field = 1; field < this.wideAt; field++) values[total + field]! += values[bucket + field]!;
    for (let low = this.wideAt, high = low + this.wide; high < this.marksAt; low++, high++) {
      addWide(values, total + low, total + high, values[bucket + low]!);
      values[total + high]! += values[bucket + high]!;
    }
    for (let field = this.marksAt; field < this.marksEnd; field++) {
      values[total + field] = Math.max(values[total + field]!, values[bucket + field]!);
    }
    this.sketches?.merge(total, bucket);
  }

  /** Takes away what was added before. */
  subtract(total: number, bucket: number): void {
    const { values } = this.rows;
    for (let field = 1; field < this.wideAt; field++) values[total + field]! -= values[bucket + field]!;
    for (let low = this.wideAt, high = low + this.wide; high < this.marksAt; low++, high++) {
      subtractWide(values, total + low, total + high, values[bucket + low]!);
      values[total + high]! -= values[bucket + high]!;
    }
    this.sketches?.subtract(total, bucket);
  }

  write(row: number, writer: PackedWriter): void {
    const { values } = this.rows;
    for (let field = 1; field < this.marksEnd; field++) writer.number(values[row + field]!);
    this.sketches?.write(row, writer);
  }

  /** Reads a bucket of the reader's format. */
  read(index: number, reader: PackedReader): number {
    const row = this.create(index);
    const { values } = this.rows;
    if (reader.format === narrowFormat) {
      for (const field of this.inFormat2()) values[row + field] = reader.number();
    } else for (let field = 1; field < this.marksEnd; field++) values[row + field] = reader.number();
    this.sketches?.read(row, reader);
    return row;
  }

  private inFormat2(): readonly number[] {
    if (this.kind.inFormat2 !== undefined) return this.kind.inFormat2;
    const { wideAt, wide, marksAt, marksEnd } = this;
    const lows = Array.from({ length: wideAt + wide - 1 }, (_, i) => 1 + i);
    return [...lows, ...Array.from({ length: marksEnd - marksAt }, (_, i) => marksAt + i)];
  }
}

/** Holds nothing; nobody changes it. */
export const emptyBucket = noRow;
