import { joinedKey } from '@moola/contracts/joined-key';
import type { PackedReader } from '@moola/windows/packed-numbers';
import { segmentBucketPrefix, segmentPrefix } from '../entries/keys.js';
import type { WindowPlan, WindowStore } from '../windows/window-store.js';
import { SegmentWindows, type SegmentKeys } from './segment-windows.js';

/** The segments of one version, by their number among those of the model. */
export class VersionSegments {
  /** Most versions have none. */
  private held: ReadonlyMap<number, SegmentWindows> = none;

  constructor(
    private readonly model: string,
    private readonly version: string,
    private readonly store: WindowStore,
    private plan: WindowPlan,
  ) {}

  /** Those that anything was counted in, by number. */
  entries(): readonly (readonly [number, SegmentWindows])[] {
    return [...this.held].sort(([a], [b]) => a - b);
  }

  /** One of them, begun when missing. */
  of(number: number): SegmentWindows {
    let segment = this.held.get(number);
    if (segment === undefined) {
      segment = new SegmentWindows(this.store, this.plan);
      this.held = new Map([...this.held, [number, segment]]);
    }
    return segment;
  }

  /** @returns whether what a window holds has changed by that */
  advance(tickMs: number): boolean {
    if (this.held.size === 0) return false;
    let moved = false;
    for (const segment of this.held.values()) moved = segment.advance(tickMs) || moved;
    return moved;
  }

  nextMoveMs(): number {
    if (this.held.size === 0) return Infinity;
    let next = Infinity;
    for (const segment of this.held.values()) next = Math.min(next, segment.nextMoveMs());
    return next;
  }

  /** Follows another definition. @param isCounted whether a segment is watched by it */
  watch(
    plan: WindowPlan,
    isCounted: (number: number) => boolean,
    tickMs: number,
    changes: Map<string, Uint8Array | null>,
  ): void {
    this.plan = plan;
    const kept = new Map<number, SegmentWindows>();
    for (const [number, segment] of this.held) {
      if (!isCounted(number)) {
        segment.drop(this.keysOf(number), changes);
        continue;
      }
      segment.layOut(plan, tickMs, this.keysOf(number), changes);
      kept.set(number, segment);
    }
    this.held = kept;
  }

  takeChanges(changes: Map<string, Uint8Array | null>): void {
    for (const [number, segment] of this.held) segment.takeChanges(this.keysOf(number), changes);
  }

  restoreNewest(number: number, key: string, reader: PackedReader): void {
    this.of(number).restoreNewest(key, reader);
  }

  /** @returns whether there is a place for it */
  restoreEntry(number: number, path: readonly string[], bytes: Uint8Array): boolean {
    return this.of(number).restoreEntry(path, bytes);
  }

  private keysOf(number: number): SegmentKeys {
    const key = joinedKey(this.model, this.version, number);
    return { newest: segmentPrefix + key, buckets: `${segmentBucketPrefix}${key}/` };
  }
}

const none: ReadonlyMap<number, SegmentWindows> = new Map();
