import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import type { TaskBehind } from '../task/catching-up.js';
import type { Processor } from '../processor/processor.js';
import { startProcessor } from '../task/start-processor.js';
import type { TaskStanding } from '../task/task-standing.js';
import {
  streamTransportId,
  type EffectStart,
  type RunningTasks,
  type StreamEnvironment,
  type StreamHandlerKind,
} from './stream-handlers.js';

/** `failed`: some task has stopped for good. */
export type StreamTransportStatus = 'running' | 'failed' | 'closed';

type StreamTransportEvents = Record<'failed', (error: unknown) => void>;

/**
 * Nest's way into the streams of one environment: an app connects one for each environment that it runs,
 * `app.connectMicroservice({ strategy: new StreamTransport(environment) })`. To listen is to join the groups of all
 * handlers; to close is to checkpoint and leave them. Nest's own transports hand over a message at a time and commit by
 * themselves, which the rules of exactness exclude.
 */
export class StreamTransport
  extends Server<StreamTransportEvents, StreamTransportStatus>
  implements CustomTransportStrategy
{
  override readonly transportId = streamTransportId;
  private running: RunningTasks[] = [];
  private fail!: (error: unknown) => void;
  /** Rejects when a task has stopped for good: liveness must then fail. */
  readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  constructor(private readonly environment: StreamEnvironment) {
    super();
    this.failed.catch(() => this._status$.next('failed'));
  }

  override addHandler(pattern: string, handler: MessageHandler, isEventHandler?: boolean, extras?: object): void {
    if (this.messageHandlers.has(pattern)) throw new Error(`two controllers handle ${pattern}: give one another name`);
    super.addHandler(pattern, handler, isEventHandler, { ...extras });
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const [pattern, handler] of this.inOrder()) {
        const tasks = await this.start(pattern, handler);
        this.running.push(tasks);
        tasks.failed.catch(this.fail);
      }
    } catch (error) {
      await this.leave();
      callback(error);
      return;
    }
    this._status$.next('running');
    callback();
  }

  async close(): Promise<void> {
    await this.leave();
    this._status$.next('closed');
  }

  on<E extends 'failed'>(_event: E, callback: StreamTransportEvents[E]): void {
    this.failed.catch(callback);
  }

  /** The tasks that run, a handler each. */
  unwrap<T = readonly RunningTasks[]>(): T {
    return this.running as T;
  }

  /** The tasks that this process owns at the moment. */
  standings(): readonly TaskStanding[] {
    return this.running.flatMap((tasks) => tasks.standings());
  }

  /** Tasks that have not yet read what their log held when they were assigned: the process is not ready. */
  behind(): readonly TaskBehind[] {
    return this.running.flatMap((tasks) => tasks.behind());
  }

  /** Groups that have not said yet which partitions are this process's: it is not ready. */
  joining(): readonly string[] {
    return this.running.flatMap((tasks) => tasks.joining() ?? []);
  }

  /** Effects touch the world: they are started last, and so they end first. */
  private inOrder(): [string, MessageHandler][] {
    const handlers = [...this.messageHandlers];
    const isEffect = ([, handler]: [string, MessageHandler]) => kindOf(handler) === 'effect';
    return [...handlers.filter((each) => !isEffect(each)), ...handlers.filter(isEffect)];
  }

  /** What was started last ends first. */
  private async leave(): Promise<void> {
    const running = this.running.reverse();
    this.running = [];
    for (const tasks of running) await tasks.close();
  }

  private async start(pattern: string, handler: MessageHandler): Promise<RunningTasks> {
    switch (kindOf(handler)) {
      case 'processor': {
        const processor = await this.ask<Processor<unknown>>(pattern, handler);
        const { metrics, ...environment } = this.environment;
        return startProcessor({ ...environment, processor, ...(metrics && { metrics: metrics(processor.name) }) });
      }
      case 'effect': {
        const start = await this.ask<EffectStart>(pattern, handler);
        return start(this.environment);
      }
    }
  }

  /** Calls a controller through Nest for the one value that it answers. */
  private async ask<T>(pattern: string, handler: MessageHandler): Promise<T> {
    try {
      return (await firstValueFrom(this.transformToObservable(handler(undefined)))) as T;
    } catch (error) {
      // Nest logs what a controller throws, and answers a general error in its place.
      throw new Error(`${pattern} gave nothing to run: see the log before this`, { cause: error });
    }
  }
}

function kindOf(handler: MessageHandler): StreamHandlerKind {
  return (handler.extras as { readonly kind: StreamHandlerKind }).kind;
}
