import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Clock } from '@moola/streams/ports/clock';

/** What came of one attempt. `detail` is one line for people; it holds no secret. */
export type AttemptResult =
  | { readonly outcome: 'delivered'; readonly detail: string }
  /** Nothing has arrived; another attempt may. `retryAfterMs`: how long the peer wants to be left alone, 0 if it says nothing. */
  | { readonly outcome: 'retryable'; readonly detail: string; readonly retryAfterMs: number }
  /** Nothing has arrived, and the same attempt would fail again. */
  | { readonly outcome: 'failed'; readonly detail: string }
  /** It may have arrived: the peer took it and gave no answer. */
  | { readonly outcome: 'unknown'; readonly detail: string };

/** What a channel tells: an attempt that was asked for, and where people read more. */
export interface Notice extends DeliveryIntent {
  /** Where the console shows its incident; empty where nobody said at which address browsers reach it. */
  readonly url: string;
}

/** One way to reach people, such as the Slack channel of a team. */
export interface Channel {
  /**
   * Whether the peer folds repetitions by a key of ours: then an attempt without an answer is made once more, under the
   * same key, before it is called unknown.
   */
  readonly foldsRepetitions: boolean;
  /** One attempt. Never rejects, and gives up when the signal aborts. */
  attempt(notice: Notice, signal: AbortSignal): Promise<AttemptResult>;
}

/** What a channel is opened with beside its own settings. */
export interface ChannelContext {
  readonly clock: Clock;
}
