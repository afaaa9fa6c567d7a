import 'reflect-metadata';
import type { LoggerService, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { TaskBehind } from '../task/catching-up.js';
import type { TaskStanding } from '../task/task-standing.js';
import type { StreamEnvironment } from './stream-handlers.js';
import { StreamTransport } from './stream-transport.js';

export interface RunningEnvironment {
  /** Rejects when a task has stopped for good. */
  readonly failed: Promise<never>;
  /** Tasks that have not yet read what their log held when they were assigned: the process is not ready. */
  behind(): readonly TaskBehind[];
  /** Groups that have not said yet which partitions are this process's: it is not ready. */
  joining(): readonly string[];
  /** The tasks that this process owns at the moment. */
  standings(): readonly TaskStanding[];
  /** Checkpoints, and leaves all groups. */
  close(): Promise<void>;
}

/** Runs the processors and effects of these modules in one environment, whose topics exist. */
export async function startEnvironment(
  environment: StreamEnvironment,
  modules: NonNullable<ModuleMetadata['imports']>,
  logger: LoggerService,
): Promise<RunningEnvironment> {
  const strategy = new StreamTransport(environment);
  const app = await NestFactory.createMicroservice({ imports: modules }, { strategy, logger, abortOnError: false });
  try {
    await app.listen();
  } catch (error) {
    await app.close();
    throw error;
  }
  return {
    failed: strategy.failed,
    behind: () => strategy.behind(),
    joining: () => strategy.joining(),
    standings: () => strategy.standings(),
    close: () => app.close(),
  };
}
