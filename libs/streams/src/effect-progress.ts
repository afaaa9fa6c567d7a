import type { RowSource } from './processor.js';
import { advance, SeenPositions } from './seen-positions.js';

const donePrefix = 'done/';

/** An intent that is not done. */
export interface PendingIntent<Intent> {
  readonly key: string;
  readonly intent: Intent;
  readonly record: PendingRecord;
}

/** A record some of whose intents are not done. */
interface PendingRecord {
  readonly offset: number;
  /** What was seen before it: whoever reads on from here must see its rows as new. */
  readonly seenBefore: ReadonlyMap<string, Uint8Array>;
  /** Keys of its intents. */
  readonly keys: readonly string[];
  undone: number;
}

/**
 * How far an effect is: its position is the lowest record with an intent that is not done. Intents behind it that are done
 * already are kept by their key until the position has passed them.
 */
export class EffectProgress<Intent> {
  private readonly seen: SeenPositions;
  private readonly doneKeys = new Set<string>();
  private readonly records: PendingRecord[] = [];
  private seenBefore: ReadonlyMap<string, Uint8Array>;
  private changes = new Map<string, Uint8Array | null>();

  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    /** Offset of the next record. */
    public next: number,
  ) {
    this.seen = new SeenPositions(entries);
    this.seenBefore = this.seen.snapshot();
    for (const key of entries.keys()) if (key.startsWith(donePrefix)) this.doneKeys.add(key.slice(donePrefix.length));
  }

  /** False for a row that has been seen; asked once for each row of a record, in order. */
  isNew(source: RowSource, offset: number, ordinal: number): boolean {
    return source.processor === '' || advance(this.seen.of(source), source.epoch, offset, ordinal);
  }

  /** Takes in the next record. @returns its intents that are to be performed. */
  take(offset: number, intents: readonly { readonly key: string; readonly intent: Intent }[]): PendingIntent<Intent>[] {
    this.next = offset + 1;
    const undone = intents.filter(({ key }) => !this.doneKeys.has(key));
    const keys = intents.map(({ key }) => key);
    const record: PendingRecord = { offset, seenBefore: this.seenBefore, keys, undone: undone.length };
    this.records.push(record);
    this.seenBefore = this.seen.snapshot();
    this.pass();
    return undone.map(({ key, intent }) => ({ key, intent, record }));
  }

  /** The result of an intent is published. */
  done({ key, record }: PendingIntent<Intent>): void {
    record.undone--;
    this.doneKeys.add(key);
    this.changes.set(donePrefix + key, Uint8Array.of(1));
    this.pass();
  }

  takeCheckpoint(): { readonly position: number; readonly changes: Map<string, Uint8Array | null> } {
    const first = this.records[0];
    const changes = this.changes;
    this.changes = new Map();
    for (const [key, bytes] of first?.seenBefore ?? this.seenBefore) changes.set(key, bytes);
    return { position: first?.offset ?? this.next, changes };
  }

  /** The position moves on over records whose intents are all done. */
  private pass(): void {
    while (this.records[0]?.undone === 0) {
      for (const key of this.records[0].keys) {
        if (this.doneKeys.delete(key)) this.changes.set(donePrefix + key, null);
      }
      this.records.shift();
    }
  }
}
