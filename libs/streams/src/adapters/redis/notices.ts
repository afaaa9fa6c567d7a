import type { TaskId } from '../../ports/checkpoint-store.js';

/** Something about the store that an operator should hear of. `message` says what, where, and what to do. */
export type RedisNotice = { readonly message: string } & (
  | { readonly kind: 'connection-lost' | 'connection-back' }
  /** `maxmemory-policy` lets the server remove checkpoints when memory runs out. */
  | { readonly kind: 'may-evict'; readonly policy: string }
  /** Without an append-only file, a restart goes back to the last snapshot. */
  | { readonly kind: 'no-append-only-file' }
  /** A save has reached fewer replicas than asked for. */
  | { readonly kind: 'replicas-behind'; readonly task: TaskId; readonly reached: number; readonly wanted: number }
  /** Entries of a checkpoint are gone, such as by eviction or by hand: the task starts from nothing. */
  | { readonly kind: 'checkpoint-damaged'; readonly task: TaskId }
);

export type RedisNotices = (notice: RedisNotice) => void;
