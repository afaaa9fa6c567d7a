import { CatchingUp, type TaskBehind } from './catching-up.js';
import type { Assignment, EventLog, GroupMember, RecordBatch } from '../ports/event-log.js';
import type { TaskStanding } from './task-standing.js';

/** Tasks of one kind, for as long as they run in this process. */
export interface RunningTasks {
  /** Checkpoints, lets go of every partition, and leaves the group. */
  close(): Promise<void>;
  /** Never resolves; rejects when the tasks have stopped for good: liveness must then fail. */
  readonly failed: Promise<never>;
  /** Tasks that have not yet read what their log held when they were assigned: the process is not ready. */
  behind(): readonly TaskBehind[];
  /** The tasks that this process owns at the moment. */
  standings(): readonly TaskStanding[];
  /** The group, as long as it has not said which partitions are this process's: it is not ready. `null` afterwards. */
  joining(): string | null;
}

/** What a task is given by its group. */
export interface TaskDependencies {
  /** The task has stopped for good, outside of the log's calls. */
  readonly failed: (error: unknown) => void;
  readonly catchingUp: CatchingUp;
  /** Whether the group is being left: nothing is waited for any more. */
  readonly isClosing: () => boolean;
}

/** What runs one partition while it is assigned. */
export interface PartitionTask {
  assigned(assignment: Assignment): Promise<number>;
  batch(batch: RecordBatch): Promise<void>;
  revoked(): Promise<void>;
  /** Consumption has ended for good; `revoked` may come or not. */
  ended(): void;
  standing(): TaskStanding;
}

/**
 * Joins a group, with a task for every partition that is assigned to this process.
 * @param create makes the task of a partition.
 */
export async function runGroup(
  log: EventLog,
  group: string,
  topic: string,
  create: (partition: number, dependencies: TaskDependencies) => PartitionTask,
): Promise<RunningTasks> {
  const catchingUp = new CatchingUp();
  const tasks = new Map<number, PartitionTask>();
  let isClosing = false;
  let fail: (error: unknown) => void = () => undefined;
  const firstFailure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const member: GroupMember = {
    assigned({ partition }, assignment) {
      const task = tasks.get(partition) ?? create(partition, { failed: fail, catchingUp, isClosing: () => isClosing });
      tasks.set(partition, task);
      return task.assigned(assignment);
    },
    async batch(batch) {
      await tasks.get(batch.partition)?.batch(batch);
    },
    async revoked({ partition }) {
      await tasks.get(partition)?.revoked();
      tasks.delete(partition);
    },
  };
  const subscription = await log.join(group, topic, member);
  const failed = Promise.race([firstFailure, subscription.failed]);
  // Whoever starts tasks may look at these later: they are no unhandled rejections until then.
  failed.catch(() => tasks.forEach((task) => task.ended()));
  firstFailure.catch(() => undefined);
  return {
    close() {
      isClosing = true;
      return subscription.close();
    },
    failed,
    behind: () => catchingUp.behind(),
    standings: () => [...tasks.values()].map((task) => task.standing()),
    joining: () => (subscription.hasJoined() ? null : group),
  };
}

/** `moola.<environment>.<service>.<behaviour>` */
export function groupName(environment: string, name: string): string {
  return `moola.${environment}.${name.replaceAll('/', '.')}`;
}

/** `moola.<environment>/<service>/<behaviour>/<partition>` */
export function taskId(environment: string, name: string, partition: number): string {
  return `moola.${environment}/${name}/${partition}`;
}
