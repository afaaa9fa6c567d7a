import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import type { TaskStanding } from '@moola/streams/task/task-standing';
import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from './metrics.js';

/** The tasks of one environment in this process. */
export interface WatchedTasks {
  readonly environment: string;
  readonly time: EnvironmentTime;
  standings(): readonly TaskStanding[];
}

const everyMs = 5_000;

/** How the tasks of a process stand: what shows that one stalls, though nothing fails. */
export class TaskGauges {
  private readonly watched = new Set<WatchedTasks>();
  /** Where partitions end, as of the last question. */
  private readonly ends = new Map<string, number>();

  constructor(metrics: Metrics) {
    const labels = ['environment', 'processor', 'partition'] as const;
    metrics.watched({
      name: 'moola_task_lag_records',
      help: 'Records of its partition that a task has not read, as of some seconds ago.',
      labels,
      values: () => this.each(({ input, position }) => lag(this.ends.get(nameOf(input)), position)),
    });
    metrics.watched({
      name: 'moola_task_checkpoint_age_seconds',
      help: 'How long ago the oldest record was applied that no checkpoint of the task holds; 0 when all is saved.',
      labels,
      values: () => this.each(({ unsavedSinceMs }) => (unsavedSinceMs === null ? 0 : secondsSince(unsavedSinceMs))),
    });
    metrics.watched({
      name: 'moola_task_watermark_delay_seconds',
      help: "How far a task's time is behind the wall's. Not of effects, which have no time, nor of replays.",
      labels,
      values: () =>
        this.each(({ timeMs }, { time }) => (timeMs === null || time === 'replay' ? null : secondsSince(timeMs))),
    });
    metrics.watched({
      name: 'moola_task_waiting',
      help: '1 while a task waits for Kafka or Redis to answer it, else 0.',
      labels,
      values: () => this.each(({ waiting }) => (waiting === null ? 0 : 1)),
    });
    metrics.watched({
      name: 'moola_partitions_owned',
      help: 'Partitions that tasks of this process own.',
      labels: ['environment', 'processor'] as const,
      values: () => this.owned(),
    });
  }

  /** Until the signal aborts. */
  async watch(tasks: WatchedTasks, log: EventLog, signal: AbortSignal): Promise<void> {
    this.watched.add(tasks);
    while (!signal.aborted) {
      const inputs = new Map(tasks.standings().map(({ input }) => [nameOf(input), input]));
      await Promise.all([...inputs].map(([name, input]) => this.findEnd(log, name, input)));
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    this.watched.delete(tasks);
  }

  private async findEnd(log: EventLog, name: string, input: TopicPartition): Promise<void> {
    const bounds = await log.bounds(input).catch(() => null);
    if (bounds !== null) this.ends.set(name, bounds.next);
  }

  private each(value: (standing: TaskStanding, tasks: WatchedTasks) => number | null) {
    return [...this.watched].flatMap((tasks) =>
      tasks.standings().flatMap((standing) => {
        const found = value(standing, tasks);
        if (found === null) return [];
        const { environment } = tasks;
        const partition = String(standing.input.partition);
        return [{ labels: { environment, processor: processorOf(standing, environment), partition }, value: found }];
      }),
    );
  }

  private owned() {
    const counts = new Map<string, { labels: { environment: string; processor: string }; value: number }>();
    for (const { environment, standings } of this.watched) {
      for (const standing of standings()) {
        const processor = processorOf(standing, environment);
        const key = `${environment}/${processor}`;
        const count = counts.get(key) ?? { labels: { environment, processor }, value: 0 };
        count.value++;
        counts.set(key, count);
      }
    }
    return [...counts.values()];
  }
}

function lag(end: number | undefined, position: number | null): number | null {
  return end === undefined || position === null ? null : Math.max(0, end - position);
}

function secondsSince(timeMs: number): number {
  return Math.max(0, (Date.now() - timeMs) / 1000);
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** `moola.live/collector/join/0` is a task of `collector/join`. */
function processorOf({ task, input }: TaskStanding, environment: string): string {
  return task.slice(`moola.${environment}/`.length, -`/${input.partition}`.length);
}
