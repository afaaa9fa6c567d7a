import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { SegmentSetSchema } from '../gen/moola/v1/rows_pb.js';
import { MessagesWriter } from './messages-writer.js';
import type { Parts } from './write-columns.js';

export type Segments = Readonly<Record<string, string>>;

/** Most rows have no segments: they share this. */
export const noSegments: Segments = Object.freeze({});

/** Equal sets of segments are stored once; index 0 is the empty set and is not stored. */
export class SegmentsWriter {
  /** A message `SegmentSet` each. */
  private readonly sets = new MessagesWriter();
  private readonly indexes = new Map<string, number>();
  /** Rows that were read from one record share their sets: then the object alone tells. */
  private readonly known = new Map<Segments, number>([[noSegments, 0]]);
  private last: Segments = noSegments;
  private lastIndex = 0;

  index(segments: Segments): number {
    if (segments === this.last) return this.lastIndex;
    let index = this.known.get(segments);
    if (index === undefined) {
      index = this.lookUp(segments);
      this.known.set(segments, index);
    }
    this.last = segments;
    this.lastIndex = index;
    return index;
  }

  /** About so many bytes, and hardly ever more. */
  get bytes(): number {
    return this.sets.bytes;
  }

  /** Begins anew. */
  clear(): void {
    this.sets.clear();
    this.indexes.clear();
    this.known.clear();
    this.known.set(noSegments, 0);
    this.last = noSegments;
    this.lastIndex = 0;
  }

  /** Adds the sets to a message, as its repeated field. */
  addTo(parts: Parts, field: number): void {
    this.sets.addTo(parts, field);
  }

  private lookUp(segments: Segments): number {
    if (isEmpty(segments)) return 0;
    const key = JSON.stringify(segments);
    let index = this.indexes.get(key);
    if (index === undefined) {
      const set = create(SegmentSetSchema, { segments: { ...segments } });
      index = this.sets.add(toBinary(SegmentSetSchema, set));
      this.indexes.set(key, index);
    }
    return index;
  }
}

/** The set of each index, the empty one first. */
export function readSegments(sets: readonly Uint8Array[]): readonly Segments[] {
  if (sets.length === 0) return onlyEmpty;
  return [noSegments, ...sets.map((bytes) => fromBinary(SegmentSetSchema, bytes).segments)];
}

const onlyEmpty: readonly Segments[] = [noSegments];

export function isEmpty(map: Readonly<Record<string, unknown>>): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return false;
  return true;
}
