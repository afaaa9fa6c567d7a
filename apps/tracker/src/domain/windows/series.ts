import type { Bucket, BucketKind } from '@moola/windows/bucket-kind';
import type { PackedReader, PackedWriter } from '@moola/windows/packed-numbers';
import { Ring } from '@moola/windows/ring';
import type { PlannedTier, WindowPlace } from '@moola/windows/tiers';

/** What a window holds: its buckets before the open one, as a sum, and the open one. */
export interface WindowSum<B> {
  readonly closed: B;
  readonly open: B;
}

/** The tiers of a model's windows, and where each window stands in them. */
export interface WindowPlan {
  readonly tiers: readonly PlannedTier[];
  /** By length. */
  readonly places: ReadonlyMap<number, WindowPlace>;
}

/** One kind of buckets of one version (in one role), in all tiers that the model's windows need. */
export class Series<B extends Bucket> {
  rings: readonly Ring<B>[];

  constructor(
    private readonly kind: BucketKind<B>,
    private plan: WindowPlan,
  ) {
    this.rings = plan.tiers.map((tier) => new Ring(kind, tier));
  }

  /** Brings every window to a tick. @returns whether what one of them holds has changed by that */
  advance(tickMs: number): boolean {
    let moved = false;
    for (const ring of this.rings) moved = ring.advance(tickMs) || moved;
    return moved;
  }

  /** The first millisecond at which `advance` would change a window; `Infinity`: never. */
  nextMoveMs(): number {
    let next = Infinity;
    for (const ring of this.rings) next = Math.min(next, ring.nextMoveMs() ?? Infinity);
    return next;
  }

  sum(windowMs: number): WindowSum<B> {
    const { tier, window } = this.placeOf(windowMs);
    const ring = this.rings[tier] as Ring<B>;
    return { closed: ring.closed(window), open: ring.openBucket ?? this.kind.empty };
  }

  ringOf(windowMs: number): Ring<B> {
    return this.rings[this.placeOf(windowMs).tier] as Ring<B>;
  }

  /**
   * Lays the tiers out anew and carries over what is there: from the finest tier that divides the new one. What cannot be
   * carried over begins empty. The entries of the old tiers are deleted in `changes`.
   * @param prefix of its entries, such as `m/v1/labels/`; each ring's length follows.
   */
  layOut(plan: WindowPlan, tickMs: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    const before = this.rings;
    for (const ring of before) ring.deleteEntries(`${prefix}${ring.lengthMs}/`, changes);
    this.plan = plan;
    this.rings = plan.tiers.map((tier) => {
      const ring = new Ring(this.kind, tier);
      const source =
        before.find((old) => old.lengthMs === tier.lengthMs) ??
        before.find((old) => tier.lengthMs % old.lengthMs === 0);
      if (source) ring.takeOver(source);
      ring.advance(tickMs);
      return ring;
    });
  }

  takeChanges(prefix: string, changes: Map<string, Uint8Array | null>): void {
    for (const ring of this.rings) ring.takeChanges(`${prefix}${ring.lengthMs}/`, changes);
  }

  /** Adds the newest buckets of every ring to an entry, each ring with its length. */
  writeNewest(writer: PackedWriter): void {
    writer.number(this.rings.length);
    for (const ring of this.rings) {
      writer.number(ring.lengthMs);
      ring.writeNewest(writer);
    }
  }

  restoreNewest(reader: PackedReader): void {
    for (let left = reader.number(); left > 0; left--) {
      const lengthMs = reader.number();
      const ring = this.rings.find((each) => each.lengthMs === lengthMs);
      // A tier that no window needs any more: settings have changed.
      (ring ?? new Ring(this.kind, { lengthMs, buckets: 1, windows: [] })).restoreNewest(reader);
    }
  }

  /** @returns whether there is a ring of that length */
  restoreEntry(lengthMs: number, entry: number, bytes: Uint8Array): boolean {
    const ring = this.rings.find((each) => each.lengthMs === lengthMs);
    ring?.restoreEntry(entry, bytes);
    return ring !== undefined;
  }

  private placeOf(windowMs: number): WindowPlace {
    const place = this.plan.places.get(windowMs);
    if (!place) throw new Error(`no tier was planned for a window of ${windowMs} ms`);
    return place;
  }
}
