import type { Topic } from '@moola/contracts/topic';
import type { CheckpointStore } from '../ports/checkpoint-store.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { EffectMetrics, TaskNotice } from '../task/task-observer.js';

/** What an effect says about an intent, for one topic. It carries no position: its readers know it by the intent. */
export interface EffectResult<T = unknown> {
  readonly topic: Topic<T>;
  readonly partition: number;
  readonly value: T;
}

/** What an effect is told beside the intent. */
export interface EffectCall {
  /** The intent's business key, the same at a repetition: the outside is to deduplicate by it. */
  readonly key: string;
  /** Whether the task is still this process's: to be asked right before the outside is touched. */
  stillOwner(): Promise<boolean>;
}

/** What a process needs to carry out the intents of a topic. */
export interface EffectSettings<Intent> {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  /** A random owner token, another one at each call. */
  readonly token: () => string;
  /** `<service>/<behaviour>`: `responder/act`. */
  readonly name: string;
  readonly topic: Topic<Intent>;
  readonly environment: string;
  /** Business key of an intent: such as incident, step and attempt. */
  key(intent: Intent): string;
  /**
   * Carries an intent out, and answers what is to be published. Idempotent by the key: after a crash an intent is performed
   * once more, so it reads back what may have been done. A time-out is a result (`unknown`), and so is an intent that has
   * expired. Expected failures are results; what it throws stops the tasks.
   * @returns `'not-owner'` when `stillOwner` said no: nothing was done, nothing is published.
   */
  perform(intent: Intent, call: EffectCall): Promise<readonly EffectResult[] | 'not-owner'>;
  readonly notices: (notice: TaskNotice) => void;
  /** The observer of an effect, by its name. */
  readonly effectMetrics?: (effect: string) => EffectMetrics;
  /** How many intents of a partition are performed side by side. They begin in order. @default 8 */
  readonly concurrency?: number;
  /** Wait after a write that failed. @default 1000 */
  readonly retryMs?: number;
  /** @default the effect's name, in its environment */
  readonly group?: string;
}
