import { randomUUID } from 'node:crypto';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { EventLog } from '@moola/streams/ports/event-log';
import { startEnvironment, type RunningEnvironment } from '@moola/streams/nest/start-environment';
import type { StreamEnvironment } from '@moola/streams/nest/stream-handlers';
import type { TaskLimits } from '@moola/streams/task/task-limits';
import type { TaskNotice } from '@moola/streams/task/task-observer';
import type { TaskStanding } from '@moola/streams/task/task-standing';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { poisonLetters } from '../dead-letters/letters.js';
import type { InstallationKey } from '../dead-letters/seal.js';
import { nestLogger, type Logger } from '../logging/logger.js';
import type { StreamMetrics } from '../metrics/stream-metrics.js';
import type { ServedEnvironment } from './served-environments.js';
import type { Modules } from './service.js';

/** What the tasks of one environment run with, in whichever process. */
export interface EnvironmentDependencies extends ServedEnvironment {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  /** Seals dead letters. */
  readonly key: InstallationKey;
  /** How often time is written into a live environment while events arrive, in milliseconds. */
  readonly tickMs: number;
  readonly logger: Logger;
  /** `null`: nobody asks for them. */
  readonly metrics: StreamMetrics | null;
  /** When tasks save, and how far they run ahead. @default as they are for a service that runs on */
  readonly limits?: Partial<TaskLimits>;
}

/** Runs the processors and effects of these modules; what an operator should hear of goes to the log. */
export async function runEnvironment(
  dependencies: EnvironmentDependencies,
  modules: Modules,
): Promise<RunningEnvironment> {
  const { name, time, log, store, key, tickMs, logger, metrics, limits } = dependencies;
  const environment: StreamEnvironment = {
    ...{ environment: name, time, log, store, clock: systemClock, token: randomUUID, tickMs },
    deadLetters: poisonLetters(key),
    notices(notice: TaskNotice) {
      metrics?.noticed(name, notice);
      logger.warn({ environment: name, ...notice }, 'a task needs attention');
    },
    ...(metrics && {
      metrics: (processor: string) => metrics.of(name, processor),
      effectMetrics: (effect: string) => metrics.ofEffect(name, effect),
    }),
    ...(limits && { limits }),
  };
  const running = await startEnvironment(environment, modules, nestLogger(logger));
  const watching = new AbortController();
  void metrics?.tasks.watch({ environment: name, time, standings: () => running.standings() }, log, watching.signal);
  const close = (): Promise<void> => {
    watching.abort();
    return running.close();
  };
  return { ...running, close };
}

/** For people: which groups have not said yet what this process is to do; `null` when all have. */
export function joiningSentence(groups: readonly string[]): string | null {
  return groups.length === 0 ? null : `joins ${groups.join(', ')}: which partitions it gets is not known yet`;
}

/** For people: which tasks wait, and for what; `null` when none does. */
export function waitingSentence(standings: readonly TaskStanding[]): string | null {
  const waiting = standings.filter((standing) => standing.waiting !== null);
  const [first] = waiting;
  if (first === undefined) return null;
  const others = waiting.length > 1 ? ` (and ${waiting.length - 1} more)` : '';
  return `${first.task}${others} waits: ${first.waiting}`;
}
