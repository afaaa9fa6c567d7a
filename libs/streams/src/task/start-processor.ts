import { topicName } from '@moola/contracts/topic-name';
import type { CheckpointStore } from '../ports/checkpoint-store.js';
import type { Clock } from '../ports/clock.js';
import type { DeadLetters } from './dead-letters.js';
import type { EnvironmentTime } from './environment-time.js';
import type { EventLog } from '../ports/event-log.js';
import type { OutputTopic } from './outputs.js';
import type { Processor } from '../processor/processor.js';
import { groupName, runGroup, taskId, type RunningTasks } from './run-group.js';
import { defaultTaskLimits, type TaskLimits } from './task-limits.js';
import { noMetrics, type TaskMetrics, type TaskNotice } from './task-observer.js';
import { TaskRunner } from './task-runner.js';
import { defaultTickMs } from './timekeeper.js';

export type { RunningTasks } from './run-group.js';

/** What a process needs to run the tasks of a processor. */
export interface ProcessorSettings<In> {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  /** A random owner token, another one at each call: `() => randomUUID()`. */
  readonly token: () => string;
  readonly processor: Processor<In>;
  readonly environment: string;
  readonly time: EnvironmentTime;
  readonly deadLetters: DeadLetters<unknown>;
  readonly notices: (notice: TaskNotice) => void;
  readonly metrics?: TaskMetrics;
  readonly limits?: Partial<TaskLimits>;
  /**
   * Between two ticks that a `timekeeper` writes while records arrive, in milliseconds; without records it is a second.
   * @default 100
   */
  readonly tickMs?: number;
  /** @default the processor's name, in its environment */
  readonly group?: string;
}

/** In a live environment a tick this far ahead of its record's append time is some wrong clock's. */
const ticksAheadMs = 5000;

/** Joins the processor's group, and runs its task for every partition that is assigned to this process. */
export async function startProcessor<In>(settings: ProcessorSettings<In>): Promise<RunningTasks> {
  const { log, processor, environment, deadLetters } = settings;
  const topic = topicName(environment, processor.input);
  const partitions = await log.partitionCount(topic);
  const outputs = await Promise.all(
    [...processor.outputs, deadLetters.topic].map(async ({ name }): Promise<OutputTopic> => {
      const logName = topicName(environment, { name });
      return { name, logName, partitions: await log.partitionCount(logName) };
    }),
  );
  const group = settings.group ?? groupName(environment, processor.name);
  const isTimekeeper = settings.time === 'wall' && processor.timekeeper === 'input';
  return runGroup(log, group, topic, (partition, dependencies) => {
    return new TaskRunner({
      ...settings,
      id: taskId(environment, processor.name, partition),
      input: { topic, partition },
      context: { environment, partition, partitions },
      outputs,
      ticksAheadMs: settings.time === 'wall' ? ticksAheadMs : null,
      tickMs: isTimekeeper ? (settings.tickMs ?? defaultTickMs) : null,
      limits: { ...defaultTaskLimits, ...settings.limits },
      metrics: settings.metrics ?? noMetrics,
      ...dependencies,
    });
  });
}
