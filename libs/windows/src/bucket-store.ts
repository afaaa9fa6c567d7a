import type { Sums } from '@moola/metrics/accumulator';
import { addExact, addExactSum, exactUnits, limbs, readExact, writeExact } from './exact-sums.js';
import type { PackedReader, PackedWriter } from './packed-numbers.js';
import { QuantileSketches } from './quantile-sketch.js';
import { SketchCells } from './sketch-cells.js';
import { noRow, RowArena } from './row-arena.js';
import { addWide, subtractWide, wideValue } from './wide-sums.js';

/** What buckets of one kind hold, by names of their numbers. All are whole. */
export interface BucketKind {
  /** Which kind it is, among those that may stand in the same place: 0 where there is but one. */
  readonly shape: number;
  /** Sums over a bucket: added and subtracted exactly. */
  readonly sums: readonly string[];
  /** Sums after those that may pass 2⁵³: as many numbers follow them, the high word of each. See `wide-sums.ts`. */
  readonly wide?: readonly string[];
  /** Sums after those that are signed and fractional: see `exact-sums.ts`. */
  readonly exact?: readonly string[];
  /** Marks of a bucket: two together have the higher, and keep it. */
  readonly marks?: readonly string[];
  readonly sketches?: readonly string[];
  /** What is not kept in a checkpoint, nor added. */
  readonly unsaved?: readonly string[];
  /** The fields in the order in which entries of format 2 hold them, where that is another. */
  readonly inFormat2?: readonly number[];
}

/** Format of buckets before sums had a high word. */
export const narrowFormat = 2;
/** Format of buckets before entries said which sums they hold. */
export const shapelessFormat = 3;
/** Format of buckets as they are written. */
export const bucketFormat = 4;
/** Formats that are read beside it. */
export const olderBucketFormats: readonly number[] = [narrowFormat, shapelessFormat];

/**
 * Buckets and sums of one kind, each a row: its index, its sums, their high words, its exact sums, its marks, its sketches,
 * what is not saved.
 */
export class BucketStore implements Sums {
  readonly rows: RowArena;
  readonly sketches: readonly QuantileSketches[];
  private readonly wideAt: number;
  private readonly wide: number;
  private readonly exactAt: number;
  private readonly marksAt: number;
  private readonly marksEnd: number;

  /** @param cells of its sketches */
  constructor(
    private readonly kind: BucketKind,
    cells = new SketchCells(),
  ) {
    this.wideAt = 1 + kind.sums.length;
    this.wide = kind.wide?.length ?? 0;
    this.exactAt = this.wideAt + 2 * this.wide;
    this.marksAt = this.exactAt + limbs * (kind.exact?.length ?? 0);
    this.marksEnd = this.marksAt + (kind.marks?.length ?? 0);
    const sketches = kind.sketches ?? [];
    const sketchesEnd = this.marksEnd + sketches.length * QuantileSketches.width;
    this.rows = new RowArena(sketchesEnd + (kind.unsaved?.length ?? 0));
    this.sketches = sketches.map(
      (_, i) => new QuantileSketches(this.rows, this.marksEnd + i * QuantileSketches.width, cells),
    );
  }

  get shape(): number {
    return this.kind.shape;
  }

  /** @param index which bucket it is, counted from the epoch in its tier's length; 0 for a sum */
  create(index: number): number {
    const row = this.rows.take();
    this.rows.values[row] = index;
    return row;
  }

  free(row: number): void {
    for (const sketches of this.sketches) sketches.clear(row);
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
  addWide(row: number, field: number, term: number): void {
    addWide(this.rows.values, row + field, row + field + this.wide, term);
  }

  /** Adds a finite number to an exact sum. */
  addExact(row: number, field: number, term: number): void {
    addExact(this.rows.values, row + field, term);
  }

  /** An exact sum, in units of `exactUnit`. */
  exactUnits(row: number, field: number): bigint {
    return exactUnits(this.rows.values, row + field);
  }

  /** Gives a sum with a high word to a row of other buckets. */
  copyWide(row: number, field: number, to: BucketStore, toRow: number, toField: number): void {
    to.rows.values[toRow + toField] = this.get(row, field);
    to.rows.values[toRow + toField + to.wide] = this.get(row, field + this.wide);
  }

  /** Counts one in a cell. */
  addCell(row: number, sketch: number, cell: number): void {
    this.sketches[sketch]!.addBin(row, cell);
  }

  /** Adds a value to a sketch. */
  addValue(row: number, sketch: number, value: number): void {
    this.sketches[sketch]!.add(row, value);
  }

  /** Adds all that a bucket holds to `total`. */
  add(total: number, bucket: number): void {
    const { values } = this.rows;
    for (let field = 1; field < this.wideAt; field++) values[total + field]! += values[bucket + field]!;
    for (let low = this.wideAt, high = low + this.wide; high < this.exactAt; low++, high++) {
      addWide(values, total + low, total + high, values[bucket + low]!);
      values[total + high]! += values[bucket + high]!;
    }
    for (let field = this.exactAt; field < this.marksAt; field += limbs) {
      addExactSum(values, total + field, bucket + field);
    }
    for (let field = this.marksAt; field < this.marksEnd; field++) {
      values[total + field] = Math.max(values[total + field]!, values[bucket + field]!);
    }
    for (const sketches of this.sketches) sketches.merge(total, bucket);
  }

  /** Takes away what was added before. */
  subtract(total: number, bucket: number): void {
    const { values } = this.rows;
    for (let field = 1; field < this.wideAt; field++) values[total + field]! -= values[bucket + field]!;
    for (let low = this.wideAt, high = low + this.wide; high < this.exactAt; low++, high++) {
      subtractWide(values, total + low, total + high, values[bucket + low]!);
      values[total + high]! -= values[bucket + high]!;
    }
    for (let field = this.exactAt; field < this.marksAt; field += limbs) {
      addExactSum(values, total + field, bucket + field, -1);
    }
    for (const sketches of this.sketches) sketches.subtract(total, bucket);
  }

  write(row: number, writer: PackedWriter): void {
    const { values } = this.rows;
    for (let field = 1; field < this.exactAt; field++) writer.number(values[row + field]!);
    for (let field = this.exactAt; field < this.marksAt; field += limbs) writeExact(values, row + field, writer);
    for (let field = this.marksAt; field < this.marksEnd; field++) writer.number(values[row + field]!);
    for (const sketches of this.sketches) sketches.write(row, writer);
  }

  /**
   * Reads a bucket of the reader's format.
   * @param _shape of the bucket as it was written
   */
  read(index: number, reader: PackedReader, _shape: number): number {
    const row = this.create(index);
    const { values } = this.rows;
    if (reader.format === narrowFormat) {
      for (const field of this.inFormat2()) values[row + field] = reader.number();
    } else {
      for (let field = 1; field < this.exactAt; field++) values[row + field] = reader.number();
      for (let field = this.exactAt; field < this.marksAt; field += limbs) readExact(values, row + field, reader);
      for (let field = this.marksAt; field < this.marksEnd; field++) values[row + field] = reader.number();
    }
    for (const sketches of this.sketches) sketches.read(row, reader);
    return row;
  }

  /** The shape of buckets in entries that do not say it. */
  get shapeInOldFormats(): number {
    return this.shape;
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
