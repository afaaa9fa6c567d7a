import type { TopicPartition } from '../../ports/event-log.js';

/** What an operator should know: nothing waits or tries again in silence. */
export type KafkaNotice =
  /** Something failed and is tried again. */
  | { readonly kind: 'retrying'; readonly what: string; readonly attempt: number; readonly error: unknown }
  /** A member of a group has its partitions of a new generation. */
  | {
      readonly kind: 'joined';
      readonly group: string;
      readonly generation: number;
      readonly partitions: readonly number[];
    }
  /** The group went on without this member, which joins anew. */
  | { readonly kind: 'membership-lost'; readonly group: string; readonly error: unknown }
  /**
   * Somebody has added partitions to a topic that is read. Of one that may grow they are read from now on; those of another
   * stay as they are: what is written is found by the number that there was.
   */
  | {
      readonly kind: 'partitions-added';
      readonly topic: string;
      readonly had: number;
      readonly has: number;
      readonly areRead: boolean;
      readonly advice: string;
    }
  /** Lag is shown too large until the next commit. */
  | { readonly kind: 'commit-failed'; readonly group: string; readonly error: unknown }
  /** The brokers forgot this producer; nothing was in doubt, so that a new one went on. */
  | { readonly kind: 'producer-renewed'; readonly at: TopicPartition; readonly error: unknown };

export type KafkaNotices = (notice: KafkaNotice) => void;
