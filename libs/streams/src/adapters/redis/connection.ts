import { setTimeout as delay } from 'node:timers/promises';
import { waitForAnswer } from '../wait-for-answer.js';
import type { RedisClient } from './client.js';
import { scriptCommand } from './client.js';
import { RedisStoreError } from './errors.js';
import { failure, saying } from './failure.js';
import type { RedisNotices } from './notices.js';
import type { ScriptName } from './scripts.js';
import type { TaskKeys } from './task-keys.js';

export type ScriptArgument = string | number | Buffer;

const unsentRetryMs = 5;

/** The client as the store uses it: commands wait for a connection, have a deadline, and are counted. */
export class RedisConnection {
  /** Commands that were sent; each is one round trip. */
  roundTrips = 0;
  private lastError = 'it does not answer';
  private refused: Error | null = null;
  private wasReady = false;
  private isLost = false;
  private closed = false;

  constructor(
    readonly client: RedisClient,
    readonly address: string,
    private readonly commandTimeoutMs: number,
    notices: RedisNotices,
  ) {
    const failed = (error: unknown) => {
      this.lastError = saying(error);
      const { problem } = failure(address, 'connect', error, false);
      if (problem === 'password' || problem === 'permission') this.refused = error as Error;
    };
    client.on('error', failed);
    client.on('node error', failed);
    client.on('sentinelError', failed);
    client.on('close', () => {
      if (!this.wasReady || this.isLost || this.closed) return;
      this.isLost = true;
      notices({ kind: 'connection-lost', message: `Redis at ${address}: the connection is lost; trying again` });
    });
    client.on('ready', () => {
      if (this.isLost) notices({ kind: 'connection-back', message: `Redis at ${address}: connected again` });
      this.wasReady = true;
      this.isLost = false;
      this.refused = null;
    });
  }

  /**
   * Waits for the first connection.
   * @throws {RedisStoreError} at once when the server refuses the user, else when the time is over.
   */
  async open(timeoutMs: number): Promise<void> {
    this.client.connect().catch(() => undefined);
    await this.ready('connect', timeoutMs);
  }

  /**
   * Sends one command, once.
   * @param doing for messages, such as `save moola.live/tracker/0`.
   * @throws {RedisStoreError}
   */
  async run<T>(doing: string, send: (client: RedisClient) => Promise<T>): Promise<T> {
    const end = performance.now() + this.commandTimeoutMs;
    for (;;) {
      const leftMs = end - performance.now();
      if (this.client.status !== 'ready' || this.closed) await this.ready(doing, leftMs);
      try {
        return await this.answered(send, end - performance.now());
      } catch (error) {
        if (!isUnsent(error)) throw failure(this.address, doing, error, true);
        if (performance.now() > end) throw failure(this.address, doing, error, false);
      }
      // A connection that has just ended says so in a moment.
      await delay(unsentRetryMs);
    }
  }

  private async answered<T>(send: (client: RedisClient) => Promise<T>, leftMs: number): Promise<T> {
    try {
      this.roundTrips++;
      return await waitForAnswer(send(this.client), leftMs, () => new Error(`none within ${Math.round(leftMs)} ms`));
    } catch (error) {
      if (isUnsent(error)) this.roundTrips--;
      throw error;
    }
  }

  /** Runs a script. Its answer is one word, or several. */
  async script(
    doing: string,
    name: ScriptName,
    keys: TaskKeys,
    args: readonly ScriptArgument[],
  ): Promise<readonly string[]> {
    type Script = (...given: readonly (string | readonly ScriptArgument[])[]) => Promise<string | string[]>;
    const command = scriptCommand(name);
    const answer = await this.run(doing, (client) =>
      (client as unknown as Readonly<Record<string, Script>>)[command]!(...keys.all, args),
    );
    return typeof answer === 'string' ? [answer] : answer;
  }

  /** Waits for answers that are under way, and lets the connection go. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    let timer: NodeJS.Timeout | undefined;
    if (this.client.status === 'ready') {
      const late = new Promise((resolve) => (timer = setTimeout(resolve, this.commandTimeoutMs)));
      await Promise.race([this.client.quit().catch(() => undefined), late]);
      clearTimeout(timer);
    }
    this.client.disconnect();
  }

  private ready(doing: string, timeoutMs: number): Promise<void> {
    const { client, address } = this;
    return new Promise((resolve, reject) => {
      const settle = () => {
        const error = this.obstacle(doing);
        if (error === null && client.status !== 'ready') return;
        end();
        if (error) reject(error);
        else resolve();
      };
      const late = setTimeout(() => {
        end();
        reject(failure(address, doing, new Error(this.lastError), false));
      }, timeoutMs);
      const events = ['ready', 'error', 'node error', 'end'];
      const end = () => {
        clearTimeout(late);
        for (const event of events) client.off(event, settle);
      };
      for (const event of events) client.on(event, settle);
      settle();
    });
  }

  private obstacle(doing: string): RedisStoreError | null {
    if (this.closed) return new RedisStoreError('closed', `Redis at ${this.address}: cannot ${doing}: it is closed`);
    return this.refused && failure(this.address, doing, this.refused, false);
  }
}

/**
 * What ioredis says of commands that nobody carried out: they were not sent, or a cluster that moves the task's slot to
 * another node did not take them (TRYAGAIN, until all its keys are there).
 */
function isUnsent(error: unknown): boolean {
  return /isn't writeable|isn't ready|redirections. Last error: ReplyError: (ASK|MOVED|TRYAGAIN|CLUSTERDOWN)/.test(
    saying(error),
  );
}
