import { topicName } from '@moola/contracts/topic-name';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Clock } from './clock.js';
import type { DeadLetters } from './dead-letters.js';
import type { EventLog, GroupMember, Subscription } from './event-log.js';
import type { OutputTopic } from './outputs.js';
import type { Processor } from './processor.js';
import { defaultTaskLimits, type TaskLimits } from './task-limits.js';
import { noMetrics, type TaskMetrics, type TaskNotice } from './task-observer.js';
import { TaskRunner } from './task-runner.js';

/** What a process needs to run the tasks of a processor. */
export interface ProcessorSettings<In> {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  /** A random owner token, another one at each call: `() => randomUUID()`. */
  readonly token: () => string;
  readonly processor: Processor<In>;
  readonly environment: string;
  /** `wall`: ticks far ahead of their append time are dropped. `replay`: time is what the replayer says. */
  readonly time: 'wall' | 'replay';
  readonly deadLetters: DeadLetters<unknown>;
  readonly notices: (notice: TaskNotice) => void;
  readonly metrics?: TaskMetrics;
  readonly limits?: Partial<TaskLimits>;
  /** @default the processor's name, in its environment */
  readonly group?: string;
}

export interface RunningTasks {
  /** Checkpoints, lets go of every partition, and leaves the group. */
  close(): Promise<void>;
  /** Never resolves; rejects when the tasks have stopped for good: liveness must then fail. */
  readonly failed: Promise<never>;
}

/** In a live environment a tick this far ahead of its record's append time is some wrong clock's. */
const ticksAheadMs = 5000;

/** Joins the processor's group, and runs its task for every partition that is assigned to this process. */
export async function startProcessor<In>(settings: ProcessorSettings<In>): Promise<RunningTasks> {
  const { log, processor, environment, deadLetters } = settings;
  const topic = topicName(environment, processor.input);
  const partitions = await log.partitionCount(topic);
  const outputs = await Promise.all([...processor.outputs, deadLetters.topic].map(outputTopic));
  const runners = new Map<number, TaskRunner<In>>();
  const failure = new Failure();

  async function outputTopic({ name }: { readonly name: string }): Promise<OutputTopic> {
    const logName = topicName(environment, { name });
    return { name, logName, partitions: await log.partitionCount(logName) };
  }

  function runner(partition: number): TaskRunner<In> {
    let found = runners.get(partition);
    if (found === undefined) {
      found = new TaskRunner({
        ...settings,
        id: `moola.${environment}/${processor.name}/${partition}`,
        input: { topic, partition },
        context: { environment, partition, partitions },
        outputs,
        ticksAheadMs: settings.time === 'wall' ? ticksAheadMs : null,
        limits: { ...defaultTaskLimits, ...settings.limits },
        metrics: settings.metrics ?? noMetrics,
        failed: (error) => failure.fail(error),
      });
      runners.set(partition, found);
    }
    return found;
  }

  const member: GroupMember = {
    assigned: ({ partition }, assignment) => runner(partition).assigned(assignment),
    batch: (batch) => runner(batch.partition).batch(batch),
    async revoked({ partition }) {
      await runners.get(partition)?.revoked();
      runners.delete(partition);
    },
  };
  const group = settings.group ?? `moola.${environment}.${processor.name.replace('/', '.')}`;
  const subscription = await log.join(group, topic, member);
  return { close: () => subscription.close(), failed: failure.of(subscription) };
}

/** The first error of several places that may fail. */
class Failure {
  fail: (error: unknown) => void = () => undefined;
  private readonly first = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  of(subscription: Subscription): Promise<never> {
    const failed = Promise.race([this.first, subscription.failed]);
    // Whoever starts tasks may look at it later: it is no unhandled rejection until then.
    failed.catch(() => undefined);
    this.first.catch(() => undefined);
    return failed;
  }
}
