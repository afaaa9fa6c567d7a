import { emptyBucket, type BucketStore } from '@moola/windows/bucket-store';
import type { ListArena } from '@moola/windows/list-arena';
import type { PackedReader, PackedWriter } from '@moola/windows/packed-numbers';
import { Rings } from '@moola/windows/ring';
import { noRow, RowArena } from '@moola/windows/row-arena';
import type { PlannedTier, WindowPlace } from '@moola/windows/tiers';

/** A series that has not begun. It holds nothing, and may be read but not changed. */
export const noSeries = noRow;

/**
 * Series of one kind of buckets, of all versions (in one role) whose models need the same tiers. A series is known by the
 * row of its record, in which a ring of each tier lies after the other.
 */
export class Series<B extends BucketStore> {
  /** One of each tier. */
  readonly rings: readonly Rings<B>[];
  /** What `rowsOf` found last. */
  readonly rows: Float64Array;
  private readonly records: RowArena;

  constructor(
    readonly buckets: B,
    tiers: readonly PlannedTier[],
    lists: ListArena,
  ) {
    const records = new RowArena(tiers.reduce((sum, tier) => sum + Rings.width(tier), 0));
    let at = 0;
    this.records = records;
    this.rows = new Float64Array(tiers.reduce((sum, { windows }) => sum + 1 + windows.length, 0));
    this.rings = tiers.map((tier) => {
      const rings = new Rings(tier, buckets, lists, records, at);
      at += Rings.width(tier);
      return rings;
    });
  }

  /** How many series there are. */
  get live(): number {
    return this.records.live;
  }

  create(): number {
    const series = this.records.take();
    for (const tier of this.rings) tier.create(tier.of(series));
    return series;
  }

  free(series: number): void {
    for (const tier of this.rings) tier.free(tier.of(series));
    this.records.give(series);
  }

  /**
   * Finds in `rows` all buckets and sums, of every tier, in which an event of that time is to be counted.
   * @returns how many there are; 0 when it is older than every tier reaches
   */
  rowsOf(series: number, timeMs: number, tickMs: number): number {
    let end = 0;
    for (const tier of this.rings) end = tier.rowsOf(tier.of(series), timeMs, tickMs, this.rows, end);
    return end;
  }

  /** Brings every window to a tick. @returns whether what one of them holds has changed by that */
  advance(series: number, tickMs: number): boolean {
    if (series === noSeries) return false;
    let moved = false;
    for (const tier of this.rings) moved = tier.advance(tier.of(series), tickMs) || moved;
    return moved;
  }

  /** The first millisecond at which `advance` would change a window; `Infinity`: never. */
  nextMoveMs(series: number): number {
    let next = Infinity;
    if (series === noSeries) return next;
    for (const tier of this.rings) next = Math.min(next, tier.nextMoveMs(tier.of(series)));
    return next;
  }

  /** The sum of a window's buckets before the open one. */
  closed(series: number, { tier, window }: WindowPlace): number {
    if (series === noSeries) return emptyBucket;
    const rings = this.rings[tier]!;
    return rings.closed(rings.of(series), window);
  }

  /** The open bucket of a window. */
  open(series: number, { tier }: WindowPlace): number {
    if (series === noSeries) return emptyBucket;
    const rings = this.rings[tier]!;
    return rings.openBucket(rings.of(series));
  }

  /**
   * Moves a series here from other tiers: each tier takes what the finest of them that divides it holds. What cannot be
   * carried over begins empty, as all does where these buckets hold other sums. The entries of the old tiers are deleted in `changes`.
   * @param prefix of its entries, such as `m/v1/labels/`; each ring's length follows.
   * @returns the series here
   */
  takeOver(
    before: Series<B>,
    old: number,
    tickMs: number,
    prefix: string,
    changes: Map<string, Uint8Array | null>,
  ): number {
    before.deleteEntries(old, prefix, changes);
    const series = this.create();
    if (before.buckets !== this.buckets) {
      before.free(old);
      return series;
    }
    for (const tier of this.rings) {
      const source = before.tierOf(tier.lengthMs) ?? before.rings.find((each) => tier.lengthMs % each.lengthMs === 0);
      const ring = tier.of(series);
      if (source) tier.takeOver(ring, source, source.of(old));
      tier.advance(ring, tickMs);
    }
    before.free(old);
    return series;
  }

  /** Deletes in `changes` what a checkpoint holds of its older buckets. @param prefix of its entries */
  deleteEntries(series: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    for (const tier of this.rings) tier.deleteEntries(tier.of(series), `${prefix}${tier.lengthMs}/`, changes);
  }

  takeChanges(series: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    for (const tier of this.rings) tier.takeChanges(tier.of(series), `${prefix}${tier.lengthMs}/`, changes);
  }

  /** Adds the newest buckets of every ring to an entry, each ring with its length. */
  writeNewest(series: number, writer: PackedWriter): void {
    writer.number(this.rings.length);
    for (const tier of this.rings) {
      writer.number(tier.lengthMs);
      tier.writeNewest(tier.of(series), writer);
    }
  }

  restoreNewest(series: number, reader: PackedReader): void {
    for (let left = reader.number(); left > 0; left--) {
      const tier = this.tierOf(reader.number());
      if (tier) tier.restoreNewest(tier.of(series), reader);
      // No window needs it any more: settings have changed.
      else Rings.skipNewest(this.buckets, reader);
    }
  }

  /** @returns whether there is a tier of that length */
  restoreEntry(series: number, lengthMs: number, entry: number, bytes: Uint8Array): boolean {
    const tier = this.tierOf(lengthMs);
    tier?.restoreEntry(tier.of(series), entry, bytes);
    return tier !== undefined;
  }

  private tierOf(lengthMs: number): Rings<B> | undefined {
    return this.rings.find((tier) => tier.lengthMs === lengthMs);
  }
}
