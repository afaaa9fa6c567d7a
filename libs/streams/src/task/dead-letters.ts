import type { Topic } from '@moola/contracts/topic';

/** A row that could not be applied. */
export interface PoisonedRow {
  readonly environment: string;
  readonly processor: string;
  readonly partition: number;
  /** Where the row is: the record's offset in the input partition, and the row's index in it. */
  readonly offset: number;
  readonly row: number;
  /** The task's time at it. */
  readonly tickMs: number;
  /** The `PoisonError`'s message. */
  readonly reason: string;
  readonly kind: 'data' | 'tick' | 'definition';
  /** The row alone, as the input topic's codec packs it (a definition: its own bytes; a tick: empty). */
  readonly bytes: Uint8Array;
}

/**
 * Where poisoned rows go. `letter` must be deterministic like the processor itself: a nonce that it needs for sealing
 * comes out of the row, not out of a random generator.
 */
export interface DeadLetters<T> {
  readonly topic: Topic<T>;
  letter(poisoned: PoisonedRow): T;
}
