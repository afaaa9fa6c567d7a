import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch, rowKind } from './batch-codec.js';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Clock } from './clock.js';
import { EffectTask } from './effect-task.js';
import type { EventLog, GroupMember } from './event-log.js';
import type { RunningTasks } from './start-processor.js';
import type { TaskNotice } from './task-observer.js';

/** A row that an effect publishes about an intent. It has no position: its readers go by the intent's key. */
export interface ResultRow {
  readonly topic: Topic<unknown>;
  readonly partition: number;
  readonly value: unknown;
}

/** Wraps a value for a topic, checked against it. */
export function resultRow<T>(topic: Topic<T>, partition: number, value: T): ResultRow {
  return { topic: topic as Topic<unknown>, partition, value };
}

/** Rule 5: what touches the outside. It decides nothing: retries and verification are the business of whoever asked. */
export interface Effect<I> {
  /** `<service>/<behaviour>`: `responder/act`. */
  readonly name: string;
  readonly input: Topic<I>;
  /**
   * Carries one intent out, idempotently, and says what became of it. Rejects only when `signal` aborts: then whoever
   * owns the task next takes it up again, so the outside may see an intent twice, under the same key.
   */
  perform(intent: I, signal: AbortSignal): Promise<readonly ResultRow[]>;
}

export interface EffectSettings<I> {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  /** A random owner token, another one at each call. */
  readonly token: () => string;
  readonly effect: Effect<I>;
  readonly environment: string;
  readonly notices: (notice: TaskNotice) => void;
  /**
   * Intents under way at once.
   * @default 8
   */
  readonly concurrency?: number;
}

/** Joins the effect's group, and carries out the intents of every partition that is assigned to this process. */
export async function startEffect<I>(settings: EffectSettings<I>): Promise<RunningTasks> {
  const { log, effect, environment, concurrency = 8 } = settings;
  const topic = topicName(environment, effect.input);
  const tasks = new Map<number, EffectTask<I>>();
  let fail: (error: unknown) => void = () => undefined;
  const first = new Promise<never>((_, reject) => (fail = reject));
  first.catch(() => undefined);

  async function publish(rows: readonly ResultRow[]): Promise<void> {
    for (const { topic: target, partition, value } of rows) {
      const at = { topic: topicName(environment, target), partition };
      await log.append(at, externalBatch(target, [{ kind: 'data', value }]));
    }
  }

  const member: GroupMember = {
    async assigned({ partition }, assignment) {
      await tasks.get(partition)?.drop();
      const task = new EffectTask<I>({
        ...{ store: settings.store, clock: settings.clock, concurrency, publish },
        id: `moola.${environment}/${effect.name}/${partition}`,
        token: settings.token(),
        notices: settings.notices,
        perform: (intent, signal) => effect.perform(intent, signal),
        lost: () => assignment.again(),
        failed: fail,
      });
      tasks.set(partition, task);
      const { first: earliest } = await log.bounds({ topic, partition });
      return task.begin(earliest);
    },
    async batch({ partition, records }) {
      const task = tasks.get(partition);
      if (task === undefined) return;
      for (const record of records) {
        const batch = decodeBatch(record.value, effect.input.codec);
        const intents: { readonly row: number; readonly value: I }[] = [];
        let data = 0;
        batch.kinds.forEach((kind, row) => {
          if (kind === rowKind.data) intents.push({ row, value: batch.data[data++] as I });
        });
        await task.take(record.offset, batch, intents);
      }
    },
    async revoked({ partition }) {
      await tasks.get(partition)?.letGo();
      tasks.delete(partition);
    },
  };
  const subscription = await log.join(`moola.${environment}.${effect.name.replace('/', '.')}`, topic, member);
  const failed = Promise.race([first, subscription.failed]);
  failed.catch(() => undefined);
  return { close: () => subscription.close(), failed };
}
