import type { PackedReader, PackedWriter } from './packed-numbers.js';
import { QuantileSketches } from './quantile-sketch.js';
import type { SketchCells } from './sketch-cells.js';
import { noRow, Slab } from './slab.js';

/** What buckets of one kind hold, by names of their numbers. All are whole. */
export interface BucketKind {
  /** Sums over a bucket: added and subtracted exactly. */
  readonly sums: readonly string[];
  /** Marks of a bucket: two together have the higher, and keep it. */
  readonly marks?: readonly string[];
  /** What is not kept in a checkpoint, nor added. */
  readonly unsaved?: readonly string[];
}

/** Sketches of a kind that has them, nothing of one that has none. */
export type SketchesOf<S extends 'sketch' | 'no sketch'> = S extends 'sketch' ? QuantileSketches : null;

/** Buckets and sums of one kind, each a row: its index, its sums, its marks, its sketch, what is not saved. */
export class BucketStore<S extends 'sketch' | 'no sketch' = 'sketch' | 'no sketch'> {
  readonly rows: Slab;
  readonly sketches: SketchesOf<S>;
  private readonly marksAt: number;
  private readonly marksEnd: number;

  private constructor(kind: BucketKind, sketchOf: (rows: Slab, at: number) => SketchesOf<S>, sketchWidth: number) {
    this.marksAt = 1 + kind.sums.length;
    this.marksEnd = this.marksAt + (kind.marks?.length ?? 0);
    this.rows = new Slab(this.marksEnd + sketchWidth + (kind.unsaved?.length ?? 0));
    this.sketches = sketchOf(this.rows, this.marksEnd);
  }

  static plain(kind: BucketKind): BucketStore<'no sketch'> {
    return new BucketStore<'no sketch'>(kind, () => null, 0);
  }

  static withSketch(kind: BucketKind, cells: SketchCells): BucketStore<'sketch'> {
    const sketches = (rows: Slab, at: number): QuantileSketches => new QuantileSketches(rows, at, cells);
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

  /** Adds all that a bucket holds to `total`. */
  add(total: number, bucket: number): void {
    const { values } = this.rows;
    for (let field = 1; field < this.marksAt; field++) values[total + field]! += values[bucket + field]!;
    for (let field = this.marksAt; field < this.marksEnd; field++) {
      values[total + field] = Math.max(values[total + field]!, values[bucket + field]!);
    }
    this.sketches?.merge(total, bucket);
  }

  /** Takes away what was added before. */
  subtract(total: number, bucket: number): void {
    const { values } = this.rows;
    for (let field = 1; field < this.marksAt; field++) values[total + field]! -= values[bucket + field]!;
    this.sketches?.subtract(total, bucket);
  }

  write(row: number, writer: PackedWriter): void {
    const { values } = this.rows;
    for (let field = 1; field < this.marksEnd; field++) writer.number(values[row + field]!);
    this.sketches?.write(row, writer);
  }

  read(index: number, reader: PackedReader): number {
    const row = this.create(index);
    const { values } = this.rows;
    for (let field = 1; field < this.marksEnd; field++) values[row + field] = reader.number();
    this.sketches?.read(row, reader);
    return row;
  }
}

/** Holds nothing; nobody changes it. */
export const emptyBucket = noRow;
