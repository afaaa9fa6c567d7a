import { noSegments, type Segments } from '@moola/contracts/columns/segments';
import { segmentLimits } from '../limits.js';

/** One entry of `segments`. */
export interface Segment {
  readonly key: string;
  readonly value: string;
}

/** A set of segments, and those that one more entry makes of it. */
export interface SegmentSet {
  readonly segments: Segments;
  readonly entries: number;
  readonly next: Map<Segment, SegmentSet>;
}

const mostSets = 50_000;

/** Equal sets of segments are one object, found entry by entry. */
export class SegmentSets {
  private root = emptySet();
  private count = 0;

  get empty(): SegmentSet {
    return this.root;
  }

  /** @returns null when there would be too many entries */
  with(set: SegmentSet, segment: Segment): SegmentSet | null {
    const known = set.next.get(segment);
    if (known !== undefined) return known;
    if (set.entries >= segmentLimits.entries) return null;
    if (++this.count > mostSets) {
      this.root = emptySet();
      this.count = 0;
    }
    const segments = Object.freeze({ ...set.segments, [segment.key]: segment.value });
    const grown = { segments, entries: set.entries + 1, next: new Map<Segment, SegmentSet>() };
    set.next.set(segment, grown);
    return grown;
  }
}

function emptySet(): SegmentSet {
  return { segments: noSegments, entries: 0, next: new Map() };
}
