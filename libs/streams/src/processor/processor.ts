import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Topic } from '@moola/contracts/topic';
import type { LogRecord } from '../ports/event-log.js';

/**
 * Rule 1: a processor is a deterministic function of one ordered topic. No clock, no randomness, no I/O, no `await`;
 * what it emits depends on the order of its rows only.
 */

/** Who wrote a row: a processor's task, or nobody that has positions (a request, a ticker, an effect, a command). */
export interface RowSource {
  /** Such as `tracker`; empty for what has no position. */
  readonly processor: string;
  /** The partition that the writer read. */
  readonly partition: number;
  /** Log epoch of the partition that the writer read; a topic made anew begins the next. */
  readonly epoch: number;
}

/** From what a row was computed: the writer's input offset, and the how-manyeth row that this offset gave (0, 1, …). */
export interface RowPosition {
  readonly offset: number;
  readonly ordinal: number;
}

/** What every row carries beside its content. */
export interface RowOrigin {
  readonly source: RowSource;
  readonly position: RowPosition;
  /**
   * The reader's time at this row, milliseconds since the epoch (event time of its environment): the largest tick so
   * far in row order, the row itself included. It never goes back. Rows that this row causes are stamped with it.
   */
  readonly tickMs: number;
}

export type RowContent<T> =
  | { readonly kind: 'data'; readonly value: T }
  /** Time is a record: the environment's clock is the largest tick so far. */
  | { readonly kind: 'tick' }
  /** Configuration takes effect in order. `definition.version` is its offset in `definitions`. */
  | { readonly kind: 'definition'; readonly definition: Definition };

/** A row as a processor sees it. */
export type StreamRow<T> = RowOrigin & RowContent<T>;

/** Any topic, where only its name matters. */
export type AnyTopic = { readonly name: string };

/**
 * Collects what a row causes. The runtime stamps position and tick, batches, and publishes in order. It keeps emitted
 * values until they are packed: do not change a value after emitting it.
 */
export interface Emitter {
  /** @param partition target partition, or `'same'` for the partition that the task reads. */
  emit<T>(topic: Topic<T>, partition: number | 'same', value: T): void;
  /** Sends this row's tick or definition on, so that downstream sees it in order. */
  forward(topic: AnyTopic, partition: number | 'same' | 'all'): void;
  /** How many partitions a target topic has. */
  partitionsOf(topic: AnyTopic): number;
  /**
   * From here on outputs are caused by `row`: its tick stamps them, and `forward` sends it. Only for processors that wrap
   * another one and apply rows that they held back (`mergedByTick`).
   * @returns false when the row is known to be poisoned: it must not be applied, a dead letter has taken its place.
   */
  applying(row: StreamRow<unknown>): boolean;
}

/** The state of one task. Created by `Processor.restore`, changed by `apply` alone. */
export interface TaskState<In> {
  /**
   * Applies one row. Only declared errors may be thrown: a `PoisonError` dead-letters this row and nothing else;
   * anything else stops the task.
   */
  apply(row: StreamRow<In>, emitter: Emitter): void;
  /**
   * What changed since the last call, keyed so that a checkpoint writes only that; `null` deletes. The bytes are the
   * caller's: `apply` must not change them later. A `PoisonError`: some row has brought the state to what it cannot hold;
   * the rows since the last checkpoint are then applied anew, each tried by itself, and that one goes to the dead letters.
   * (It is the last resort: outputs of that row may be published. `apply` refuses what it can foresee.)
   */
  takeChanges(): Map<string, Uint8Array | null>;
}

export interface TaskContext {
  readonly environment: string;
  readonly partition: number;
  readonly partitions: number;
  /**
   * 0, or where the state's input has a gap: the offset of the first record after a span that was lost before it was
   * read. Business keys that count (a transition's number) carry it, so that number 1 of a new life repeats nothing.
   */
  readonly life: number;
}

export interface Processor<In> {
  /** `<service>/<behaviour>`: `collector/join`. Part of every position: never rename one. */
  readonly name: string;
  readonly input: Topic<In>;
  /**
   * Set where foreign producers write the input: makes the one row of a record, which has no position. A pure function; what
   * it cannot read becomes a value that says so, never an error.
   */
  readonly foreign?: (record: LogRecord) => In;
  /**
   * `input`: in an environment whose time is the wall's, the owner of a partition writes ticks into it. For the processors
   * at which time enters the system; the others get it passed on.
   * @default nobody's business: others write the time
   */
  readonly timekeeper?: 'input';
  /** Every topic that it may emit to. */
  readonly outputs: readonly AnyTopic[];
  /** Which tick rows it is given. @default 'advancing': those that bring a later time; a second ticker does no harm. */
  readonly ticks?: 'advancing' | 'all';
  /** The state that these entries describe (in any order); none for a task that begins. No key may begin with `~`. */
  restore(entries: ReadonlyMap<string, Uint8Array>, context: TaskContext): TaskState<In>;
}

/** The row cannot be applied and never will be: it goes to the dead letters with this reason. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';
}
