import { topicName } from '@moola/contracts/topic-name';
import type { Topic } from '@moola/contracts/topic';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Clock } from './clock.js';
import { EffectTask } from './effect-task.js';
import type { EventLog } from './event-log.js';
import { groupName, runGroup, taskId, type RunningTasks } from './run-group.js';
import { noEffectMetrics, type EffectMetrics, type TaskNotice } from './task-observer.js';

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

/**
 * Joins the effect's group, and performs the intents of every partition that is assigned to this process. The checkpoint of
 * a partition is its lowest intent whose result is not published, and it is committed to the log.
 *
 * When the store is lost, flushed or set back, the effect goes on at what was committed: the records before it were done,
 * and are read without being performed, so that a producer whose own store went back, and which sends the same intents once
 * more, is known by its positions to repeat itself. What this cannot cover:
 *
 * - Intents behind the committed position that were done already, out of order, are performed once more: at the most
 *   as many as `concurrency`, under the same key.
 * - When the log no longer holds a source's last intent, a repetition of it looks new. Intents that are worth nothing later
 *   therefore carry an expiry (`expires_after_ms`), and `perform` answers them `expired` without touching the world.
 */
export async function startEffect<Intent>(settings: EffectSettings<Intent>): Promise<RunningTasks> {
  const { log, environment, name } = settings;
  const topic = topicName(environment, settings.topic);
  return runGroup(log, settings.group ?? groupName(environment, name), topic, (partition, surroundings) => {
    return new EffectTask({
      ...settings,
      id: taskId(environment, name, partition),
      input: { topic, partition },
      concurrency: settings.concurrency ?? 8,
      retryMs: settings.retryMs ?? 1000,
      metrics: settings.effectMetrics?.(name) ?? noEffectMetrics,
      ...surroundings,
    });
  });
}
