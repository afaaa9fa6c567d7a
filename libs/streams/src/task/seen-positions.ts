import type { RowSource } from '../processor/processor.js';
import { decodePosition, encodePosition, isOlder, type SourcePosition } from '../processor/source-position.js';

const prefix = '~seen/';

/** The last position seen from one source partition. Kept in place, for the sake of rows a second. */
export interface SeenPosition {
  readonly key: string;
  epoch: number;
  /** -1: nothing yet. */
  offset: number;
  ordinal: number;
}

/** Rows that a source has sent, and that its reader never saw: after `after` (`null`: all from the first), up to `until`. */
export interface MissingRows {
  readonly processor: string;
  readonly partition: number;
  readonly after: SourcePosition | null;
  readonly until: SourcePosition;
}

/** Rule 3, the reading half: what was seen from each source partition, as part of the reader's own state. */
export class SeenPositions {
  private readonly positions = new Map<string, SeenPosition>();
  private readonly changed = new Set<SeenPosition>();
  /** Records of one source share its object, as a rule. */
  private readonly ofSource = new WeakMap<RowSource, SeenPosition>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    for (const [key, bytes] of entries) {
      if (key.startsWith(prefix)) this.positions.set(key, { key, ...decodePosition(key, bytes) });
    }
  }

  /** The position to compare a source's rows with, and to advance. It is taken to change. */
  of(source: RowSource): SeenPosition {
    let position = this.ofSource.get(source);
    if (position === undefined) {
      position = this.find(source);
      this.ofSource.set(source, position);
    }
    this.changed.add(position);
    return position;
  }

  /** All positions as entries, as they are now. */
  snapshot(): Map<string, Uint8Array> {
    return new Map([...this.positions].map(([key, position]) => [key, encodePosition(position)]));
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    for (const position of this.changed) into.set(position.key, encodePosition(position));
    this.changed.clear();
  }

  private find(source: RowSource): SeenPosition {
    const key = `${prefix}${source.partition}/${source.processor}`;
    let position = this.positions.get(key);
    if (position === undefined) {
      position = { key, epoch: source.epoch, offset: -1, ordinal: 0 };
      this.positions.set(key, position);
    }
    return position;
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

/**
 * What is missing before a record: to be asked before its rows are taken. A record is sent only when those before it are
 * acknowledged, so repetitions, zombies and stores that went back leave nothing missing; only a log that lost acknowledged
 * records does.
 * @param previous as the record says
 * @param sawAll whether the reader has read the log from its very first record: only then is a source that it has never
 *   seen one that had sent nothing.
 */
export function missingBefore(
  { processor, partition }: RowSource,
  seen: SeenPosition,
  previous: SourcePosition | null,
  sawAll: boolean,
): MissingRows | null {
  if (previous === null) return null;
  if (seen.offset < 0) return sawAll ? { processor, partition, after: null, until: previous } : null;
  if (!isOlder(seen, previous)) return null;
  const { epoch, offset, ordinal } = seen;
  return { processor, partition, after: { epoch, offset, ordinal }, until: previous };
}
