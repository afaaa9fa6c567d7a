import type { RowSource } from './processor.js';

const prefix = '~seen/';
const format = 1;

/** The last position seen from one source partition. Kept in place, for the sake of rows a second. */
export interface SeenPosition {
  readonly key: string;
  epoch: number;
  offset: number;
  ordinal: number;
}

/** Rule 3, the reading half: what was seen from each source partition, as part of the reader's own state. */
export class SeenPositions {
  private readonly positions = new Map<string, SeenPosition>();
  private readonly changed = new Set<SeenPosition>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    for (const [key, bytes] of entries) {
      if (key.startsWith(prefix)) this.positions.set(key, decode(key, bytes));
    }
  }

  /** The position to compare a source's rows with, and to advance. It is taken to change. */
  of(source: RowSource): SeenPosition {
    const key = `${prefix}${source.partition}/${source.processor}`;
    let position = this.positions.get(key);
    if (position === undefined) {
      position = { key, epoch: source.epoch, offset: -1, ordinal: 0 };
      this.positions.set(key, position);
    }
    this.changed.add(position);
    return position;
  }

  /** All positions as entries, as they are now. */
  snapshot(): Map<string, Uint8Array> {
    return new Map([...this.positions].map(([key, position]) => [key, encode(position)]));
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    for (const position of this.changed) into.set(position.key, encode(position));
    this.changed.clear();
  }
}

/** Moves `seen` on if the position is newer; false when it is not: the row was counted before. */
export function advance(seen: SeenPosition, epoch: number, offset: number, ordinal: number): boolean {
  if (epoch < seen.epoch) return false;
  if (epoch === seen.epoch && (offset < seen.offset || (offset === seen.offset && ordinal <= seen.ordinal))) {
    return false;
  }
  seen.epoch = epoch;
  seen.offset = offset;
  seen.ordinal = ordinal;
  return true;
}

function encode(position: SeenPosition): Uint8Array {
  const bytes = new Uint8Array(17);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, format);
  view.setUint32(1, position.epoch, true);
  view.setFloat64(5, position.offset, true);
  view.setUint32(13, position.ordinal, true);
  return bytes;
}

function decode(key: string, bytes: Uint8Array): SeenPosition {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== format)
    throw new Error(`checkpoint entry ${key} has format ${bytes[0]}, expected ${format}`);
  return {
    key,
    epoch: view.getUint32(1, true),
    offset: view.getFloat64(5, true),
    ordinal: view.getUint32(13, true),
  };
}
