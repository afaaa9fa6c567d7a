import type { DecodedBatch } from './batch-codec.js';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Clock } from './clock.js';
import { jsonEntry } from './keyed-state.js';
import { advance, SeenPositions } from './seen-positions.js';
import type { ResultRow } from './start-effect.js';
import type { TaskNotice } from './task-observer.js';

export interface EffectTaskSettings<I> {
  readonly store: CheckpointStore;
  readonly clock: Clock;
  readonly id: string;
  readonly token: string;
  readonly concurrency: number;
  readonly notices: (notice: TaskNotice) => void;
  perform(intent: I, signal: AbortSignal): Promise<readonly ResultRow[]>;
  publish(rows: readonly ResultRow[]): Promise<void>;
  /** The task is another's, or nobody knows: it is to be acquired again. */
  lost(): void;
  /** It cannot go on. */
  failed(error: unknown): void;
}

/** How long after a result the checkpoint may follow: results close together are saved together. */
const saveAfterMs = 50;
const doneEntry = 'done';
const doneCodec = jsonEntry<readonly string[]>(1);

interface Taken {
  readonly offset: number;
  /** Rows whose result is not published yet. */
  readonly open: Set<number>;
}

/**
 * One partition of intents. Its checkpoint is the lowest record with an intent that has no published result, and beside
 * it what is done beyond: after a crash only intents that were under way are carried out again.
 */
export class EffectTask<I> {
  private sequence = 0;
  private next = 0;
  private readonly taken: Taken[] = [];
  private done = new Set<string>();
  private seen = new SeenPositions(new Map());
  private readonly stop = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private cancelSave: (() => void) | null = null;
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly settings: EffectTaskSettings<I>) {}

  /** Acquires the task. @param earliest where to begin without a checkpoint @returns the offset to read from */
  async begin(earliest: number): Promise<number> {
    const { checkpoint } = await this.settings.store.acquire(this.settings.id, this.settings.token);
    this.sequence = checkpoint?.sequence ?? 0;
    this.next = Math.max(checkpoint?.position ?? earliest, earliest);
    const entries = checkpoint?.entries ?? new Map<string, Uint8Array>();
    const done = entries.get(doneEntry);
    this.done = new Set(done === undefined ? [] : doneCodec.decode(done));
    this.seen = new SeenPositions(entries);
    return this.next;
  }

  /** Takes a record's intents up, in order; resolves when there is room for more. */
  async take(
    offset: number,
    batch: Pick<DecodedBatch<I>, 'source' | 'offsets' | 'ordinals'>,
    intents: readonly { readonly row: number; readonly value: I }[],
  ): Promise<void> {
    const taken: Taken = { offset, open: new Set() };
    // Rows of a producer that repeats itself after a crash are not newer: they were taken up before.
    const seen = batch.source.processor === '' ? null : this.seen.of(batch.source);
    const fresh = intents.filter(({ row }) => {
      if (this.done.has(`${offset}/${row}`)) return false;
      const { epoch } = batch.source;
      // Records at or after the checkpoint are read again: what was open then is seen, and still to be done.
      return seen === null || advance(seen, epoch, batch.offsets[row] as number, batch.ordinals[row] as number);
    });
    for (const { row } of fresh) taken.open.add(row);
    this.taken.push(taken);
    this.next = offset + 1;
    for (const { row, value } of fresh) {
      while (this.underWay.size >= this.settings.concurrency) await Promise.race(this.underWay);
      if (this.stop.signal.aborted) return;
      const work: Promise<void> = this.carryOut(taken, row, value).finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    }
    if (fresh.length === 0) this.settled();
  }

  /** Finishes what is under way, saves, and lets go. */
  async letGo(): Promise<void> {
    await Promise.all(this.underWay);
    this.cancelSave?.();
    await this.save();
    this.stop.abort();
  }

  /** Drops everything: another owner goes on. */
  async drop(): Promise<void> {
    this.stop.abort();
    this.cancelSave?.();
    await Promise.allSettled(this.underWay);
    await this.saving;
  }

  private async carryOut(taken: Taken, row: number, intent: I): Promise<void> {
    const { settings } = this;
    try {
      if (!(await settings.store.owns(settings.id, settings.token))) return this.lose('fenced');
      const rows = await settings.perform(intent, this.stop.signal);
      if (this.stop.signal.aborted) return;
      await settings.publish(rows);
    } catch (error) {
      if (!this.stop.signal.aborted) settings.failed(error);
      return;
    }
    taken.open.delete(row);
    this.done.add(`${taken.offset}/${row}`);
    this.settled();
  }

  private settled(): void {
    if (this.stop.signal.aborted) return;
    this.cancelSave ??= this.settings.clock.after(saveAfterMs, () => {
      this.cancelSave = null;
      this.saving = this.saving.then(() => this.save());
    });
  }

  private async save(): Promise<void> {
    if (this.stop.signal.aborted) return;
    while (this.taken[0]?.open.size === 0) {
      const { offset } = this.taken.shift() as Taken;
      for (const key of this.done) if (key.startsWith(`${offset}/`)) this.done.delete(key);
    }
    const position = this.taken[0]?.offset ?? this.next;
    const { store, id, token } = this.settings;
    const changes = new Map<string, Uint8Array | null>([[doneEntry, doneCodec.encode([...this.done])]]);
    // What is still open must be seen as new when it is read again.
    if (this.taken.length === 0) this.seen.takeChanges(changes);
    try {
      const result = await store.save(id, { token, buildsOn: this.sequence, position, changes });
      if (result.saved) this.sequence = result.sequence;
      else this.lose('fenced');
    } catch (error) {
      this.settings.notices({ task: id, kind: 'answer-missing', error });
      this.lose(null);
    }
  }

  private lose(why: 'fenced' | null): void {
    if (this.stop.signal.aborted) return;
    this.stop.abort();
    if (why !== null) this.settings.notices({ task: this.settings.id, kind: why });
    this.settings.lost();
  }
}
