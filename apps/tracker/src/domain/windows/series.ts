import type { Bucket, BucketKind } from '@moola/windows/bucket-kind';
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
  private readonly empty: B;

  /** @param key of its entries, such as `m/v1/labels/`; each ring's length follows. */
  constructor(
    private readonly kind: BucketKind<B>,
    private plan: WindowPlan,
    readonly key: string,
  ) {
    this.rings = plan.tiers.map((tier) => new Ring(kind, tier));
    this.empty = kind.create(0);
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
    return { closed: ring.closedAt(window), open: ring.openBucket ?? this.empty };
  }

  ringOf(windowMs: number): Ring<B> {
    return this.rings[this.placeOf(windowMs).tier] as Ring<B>;
  }

  /**
   * Lays the tiers out anew and carries over what is there: from the finest tier that divides the new one. What cannot be
   * carried over begins empty. The entries of the old tiers are deleted in `changes`.
   */
  layOut(plan: WindowPlan, tickMs: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    const before = this.rings;
    for (const ring of before) ring.deleteEntries(prefix + this.keyOf(ring), changes);
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
    for (const ring of this.rings) ring.takeChanges(prefix + this.keyOf(ring), changes);
  }

  /** @returns whether there is a ring of that length */
  restoreEntry(lengthMs: number, entry: number, bytes: Uint8Array): boolean {
    const ring = this.rings.find((each) => each.lengthMs === lengthMs);
    ring?.restoreEntry(entry, bytes);
    return ring !== undefined;
  }

  private placeOf(windowMs: number): WindowPlace {
    const place = this.plan.places.get(windowMs);
    if (!place) throw new Error(`no tier of ${this.key} serves a window of ${windowMs} ms`);
    return place;
  }

  private keyOf(ring: Ring<B>): string {
    return `${this.key}${ring.lengthMs}/`;
  }
}
