import type { Accumulator, CountedModel, CountOf, Field, FieldKind } from '@moola/metrics/accumulator';
import { BucketStore, type BucketKind } from './bucket-store.js';
import { limbs } from './exact-sums.js';
import type { PackedReader } from './packed-numbers.js';
import type { SketchCells } from './sketch-cells.js';

/** Buckets of the sums of some accumulators, all of one feed. */
export class AccumulatedBuckets<Counted> extends BucketStore {
  private readonly places: number[] = [];
  private readonly counters: readonly CountOf<Counted>[];
  /** Of entries that hold other sums, by shape; made when there are any. */
  private readonly others = new Map<number, AccumulatedBuckets<Counted>>();

  /**
   * @param all accumulators of the feed, by id
   * @param accumulators those that these buckets hold, by id
   */
  constructor(
    private readonly all: readonly Accumulator<Counted>[],
    private readonly accumulators: readonly Accumulator<Counted>[],
    private readonly cells: SketchCells,
  ) {
    super(kindOf(accumulators), cells);
    const fields = fieldsOf(accumulators);
    const [counts, wide, exact] = [ofKind(fields, 'count'), ofKind(fields, 'wide'), ofKind(fields, 'exact')];
    const exactAt = 1 + counts.length + 2 * wide.length;
    counts.forEach((field, i) => (this.places[field.number] = 1 + i));
    wide.forEach((field, i) => (this.places[field.number] = 1 + counts.length + i));
    exact.forEach((field, i) => (this.places[field.number] = exactAt + limbs * i));
    sketchedOf(fields).forEach((field, i) => (this.places[field.number] = i));
    this.counters = accumulators.map((accumulator) => accumulator.counter((field) => this.placeOf(field)));
  }

  /** False: models of their task need none of these sums. */
  get holdsSums(): boolean {
    return this.accumulators.length > 0;
  }

  /** Where a field stands in a row; of quantiles and cells, which of the sketches it is. @throws when it is not among the sums */
  placeOf(field: Field): number {
    const place = this.places[field.number];
    if (place === undefined) throw new Error(`these buckets do not hold ${field.name}`);
    return place;
  }

  /** Counts one row: into its bucket and into every sum that holds the bucket. */
  count(rows: Float64Array, end: number, counted: Counted, model: CountedModel): void {
    for (let i = 0; i < end; i++) {
      for (const count of this.counters) count(this, rows[i]!, counted, model);
    }
  }

  /** Counts one more of a field: of what was counted in these rows before. */
  increment(rows: Float64Array, end: number, field: Field<'count'>): void {
    const place = this.placeOf(field);
    for (let i = 0; i < end; i++) this.rows.values[rows[i]! + place]!++;
  }

  /** Those that entries of earlier formats hold: of a binary model. */
  override get shapeInOldFormats(): number {
    return shapeOf(this.all.filter(({ id, tasks }) => id <= lastInOldFormats && tasks.includes('binary')));
  }

  override read(index: number, reader: PackedReader, shape: number): number {
    if (shape === this.shape) return super.read(index, reader, shape);
    const other = this.otherOf(shape);
    const from = other.read(index, reader, shape);
    const row = this.create(index);
    for (const field of fieldsOf(this.accumulators)) {
      if (other.places[field.number] !== undefined) this.copy(field, row, other, from);
    }
    other.free(from);
    return row;
  }

  private copy(field: Field, row: number, other: AccumulatedBuckets<Counted>, from: number): void {
    const [to, at] = [this.placeOf(field), other.placeOf(field)];
    switch (field.kind) {
      case 'count':
        this.rows.values[row + to] = other.get(from, at);
        return;
      case 'wide':
        other.copyWide(from, at, this, row, to);
        return;
      case 'exact':
        this.rows.values.set(other.rows.values.subarray(from + at, from + at + limbs), row + to);
        return;
      case 'quantiles':
      case 'cells':
        this.sketches[to]!.copy(row, other.sketches[at]!, from);
        return;
    }
  }

  private otherOf(shape: number): AccumulatedBuckets<Counted> {
    let other = this.others.get(shape);
    if (other === undefined) {
      other = new AccumulatedBuckets(this.all, withShape(this.all, shape), this.cells);
      this.others.set(shape, other);
    }
    return other;
  }
}

/** The highest id of an accumulator when entries did not say which they hold. */
const lastInOldFormats = 5;

function kindOf(accumulators: readonly Accumulator<never>[]): BucketKind {
  const fields = fieldsOf(accumulators);
  const names = (kind: FieldKind): string[] => ofKind(fields, kind).map(({ name }) => name);
  return {
    shape: shapeOf(accumulators),
    ...{ sums: names('count'), wide: names('wide'), exact: names('exact') },
    sketches: sketchedOf(fields).map(({ name }) => name),
  };
}

function fieldsOf(accumulators: readonly Accumulator<never>[]): readonly Field[] {
  return accumulators.flatMap(({ fields }) => fields);
}

/** Fields that are kept in sketches. */
function sketchedOf(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ kind }) => kind === 'quantiles' || kind === 'cells');
}

function ofKind(fields: readonly Field[], kind: FieldKind): readonly Field[] {
  return fields.filter((field) => field.kind === kind);
}

/** The accumulators of buckets as one number: the sum of 2 to the power of their ids. */
export function shapeOf(accumulators: readonly Pick<Accumulator<never>, 'id'>[]): number {
  return accumulators.reduce((shape, { id }) => shape + 2 ** id, 0);
}

/** @throws when there is an accumulator in it that this version does not know */
function withShape<A extends { readonly id: number }>(all: readonly A[], shape: number): readonly A[] {
  const found = all.filter(({ id }) => Math.floor(shape / 2 ** id) % 2 === 1);
  const unknown = shape - found.reduce((sum, { id }) => sum + 2 ** id, 0);
  if (unknown !== 0) {
    throw new Error(
      `a checkpoint entry holds sums that this version does not know (${unknown}): run the version that wrote it, or a newer one`,
    );
  }
  return found;
}
