import type { LogRecord } from '../ports/event-log.js';
import type { RowSource } from '../processor/processor.js';
import { recordHash } from '../task/record-hash.js';
import { advance, missingBefore, SeenPositions, type MissingRows } from '../task/seen-positions.js';
import type { SourcePosition } from '../processor/source-position.js';
import { writeProgress, type TaskProgress } from '../task/task-progress.js';

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
  /** The record before it, if this process read it. */
  readonly valueBefore: Uint8Array | null;
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
  private lastValue: Uint8Array | null = null;
  private changes = new Map<string, Uint8Array | null>();

  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    private readonly progress: TaskProgress,
    /** Offset of the next record. */
    public next: number,
  ) {
    this.seen = new SeenPositions(entries);
    this.seenBefore = this.seen.snapshot();
    for (const key of entries.keys()) if (key.startsWith(donePrefix)) this.doneKeys.add(key.slice(donePrefix.length));
  }

  /** Rows that the log has lost: to be asked before the rows of a record. */
  missingBefore(source: RowSource, previous: SourcePosition | null): MissingRows | null {
    if (source.processor === '') return null;
    return missingBefore(source, this.seen.of(source), previous, this.progress.life === 0);
  }

  /** False for a row that has been seen; asked once for each row of a record, in order. */
  isNew(source: RowSource, offset: number, ordinal: number): boolean {
    return source.processor === '' || advance(this.seen.of(source), source.epoch, offset, ordinal);
  }

  /** Takes in the next record. @returns its intents that are to be performed. */
  take(
    { offset, value }: Pick<LogRecord, 'offset' | 'value'>,
    intents: readonly { readonly key: string; readonly intent: Intent }[],
  ): PendingIntent<Intent>[] {
    const undone = intents.filter(({ key }) => !this.doneKeys.has(key));
    const keys = intents.map(({ key }) => key);
    const { seenBefore, lastValue: valueBefore } = this;
    const record: PendingRecord = { offset, seenBefore, valueBefore, keys, undone: undone.length };
    this.records.push(record);
    this.read(offset, value);
    this.pass();
    return undone.map(({ key, intent }) => ({ key, intent, record }));
  }

  /** Takes in a record whose intents were all done before the store lost it: only what is seen counts. */
  passOver({ offset, value }: Pick<LogRecord, 'offset' | 'value'>, keys: readonly string[]): void {
    for (const key of keys) this.forget(key);
    this.read(offset, value);
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
    const valueBefore = first === undefined ? this.lastValue : first.valueBefore;
    const lastRecord = valueBefore === null ? this.progress.lastRecord : recordHash(valueBefore);
    writeProgress({ ...this.progress, lastRecord }, changes);
    return { position: first?.offset ?? this.next, changes };
  }

  /** The position moves on over records whose intents are all done. */
  private pass(): void {
    while (this.records[0]?.undone === 0) {
      for (const key of this.records[0].keys) this.forget(key);
      this.records.shift();
    }
  }

  private read(offset: number, value: Uint8Array): void {
    this.next = offset + 1;
    this.lastValue = value;
    this.seenBefore = this.seen.snapshot();
  }

  private forget(key: string): void {
    if (this.doneKeys.delete(key)) this.changes.set(donePrefix + key, null);
  }
}
