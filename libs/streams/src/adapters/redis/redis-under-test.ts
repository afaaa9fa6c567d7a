import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import type { AcquiredCheckpoint } from '../../ports/checkpoint-store.js';
import type { RedisNotice } from './notices.js';
import { openRedisStore } from './open-redis-store.js';
import type { RedisCheckpointStore } from './redis-checkpoint-store.js';
import type { RedisSettings } from './settings.js';

/** Things that a test opens, closed again in reverse order. */
export class Opened {
  private readonly closers: (() => Promise<unknown>)[] = [];

  closedBy(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }

  async store(settings: RedisSettings, notices: RedisNotice[] = []): Promise<RedisCheckpointStore> {
    const store = await openRedisStore(settings, { notices: (notice) => notices.push(notice) });
    this.closedBy(() => store.close());
    return store;
  }

  /** A client beside the store. */
  client(url: string): Redis {
    const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null, disconnectTimeout: 100 });
    client.on('error', () => undefined);
    this.closedBy(async () => client.disconnect());
    return client;
  }
}

/** Settings whose keys nobody else uses. */
export function settingsFor(url: string, more: Partial<RedisSettings> = {}): RedisSettings {
  return { servers: { kind: 'single', url }, keyPrefix: `test:${randomUUID()}:`, ...more };
}

export function changes(values: Readonly<Record<string, string | null>>): Map<string, Uint8Array | null> {
  return new Map(Object.entries(values).map(([key, text]) => [key, text === null ? null : Buffer.from(text)]));
}

/** A checkpoint as plain values. */
export function plain({ checkpoint }: AcquiredCheckpoint) {
  if (checkpoint === null) return null;
  const entries = Object.fromEntries(
    [...checkpoint.entries].map(([key, value]) => [key, Buffer.from(value).toString()]),
  );
  return { sequence: checkpoint.sequence, position: checkpoint.position, entries };
}

/** What a promise rejects with. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (error: unknown) => error,
  );
}
