import { randomUUID } from 'node:crypto';
import { topicName, topics } from '@moola/contracts/topics';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { externalBatch } from '@moola/streams/batch-codec';
import type { CheckpointStore } from '@moola/streams/checkpoint-store';
import type { DeadLetters } from '@moola/streams/dead-letters';
import type { EventLog } from '@moola/streams/event-log';
import { startProcessor, type RunningTasks } from '@moola/streams/start-processor';
import { systemClock } from '@moola/streams/system-clock';
import type { TaskMetrics, TaskNotice } from '@moola/streams/task-observer';
import { TopicTail } from '../replay/topic-tail.js';
import { processorsOf, type EnvironmentTime } from './processors.js';
import { topicSettings } from './topic-settings.js';

export interface EnvironmentOptions {
  readonly name: string;
  readonly time: EnvironmentTime;
  /** Partitions of the topics keyed by model. */
  readonly partitions: number;
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly deadLetters: DeadLetters<unknown>;
  /** Effects: what touches the world. Started last, closed first. */
  readonly effects: readonly (() => Promise<RunningTasks>)[];
  notices(notice: TaskNotice): void;
  /** The observer of a processor's tasks. */
  metrics(processor: string): TaskMetrics;
}

export interface RunningEnvironment {
  readonly name: string;
  /** Rejects when a task has stopped for good. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Makes an environment's topics, and runs every processor and effect on them. */
export async function startEnvironment(options: EnvironmentOptions): Promise<RunningEnvironment> {
  const { name, time, partitions, log } = options;
  await log.createTopics(topicSettings(name, partitions, time === 'replay' ? 'keep-all' : 'retention'));
  const running: RunningTasks[] = [];
  for (const processor of processorsOf(time, partitions)) {
    running.push(
      await startProcessor({
        ...options,
        processor,
        environment: name,
        clock: systemClock,
        token: randomUUID,
        notices: (notice) => options.notices(notice),
        metrics: options.metrics(processor.name),
      }),
    );
  }
  for (const start of options.effects) running.push(await start());
  const failed = Promise.race(running.map((tasks) => tasks.failed));
  failed.catch(() => undefined);
  return {
    name,
    failed,
    async close() {
      for (const tasks of [...running].reverse()) await tasks.close();
    },
  };
}

/** Writes definitions into an environment that has none, and waits until they have taken effect everywhere. */
export async function defineOnce(
  log: EventLog,
  environment: string,
  definitions: readonly Definition[],
  signal: AbortSignal,
): Promise<void> {
  const target = { topic: topicName(environment, topics.definitions), partition: 0 };
  const { next } = await log.bounds(target);
  if (next === 0) {
    // One record each: a definition's version is its offset.
    const records = definitions.flatMap((value) => externalBatch(topics.definitions, [{ kind: 'data', value }]));
    await log.append(target, records);
  }
  for (const topic of [topics.intake, topics.signals, topics.notifications]) {
    for (let partition = 0; partition < (await log.partitionCount(topicName(environment, topic))); partition++) {
      let seen = 0;
      const definition = () => void seen++;
      const tail = new TopicTail<unknown>(log, environment, topic, partition, { definition });
      await tail.until(() => seen >= definitions.length, signal);
    }
  }
}
