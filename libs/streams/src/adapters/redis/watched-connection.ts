import type { RedisConnection } from './connection.js';

/** What a test does around the calls of a connection, counted from 1. */
export interface AroundCalls {
  before?(call: number): void | Promise<void>;
  after?(call: number): void | Promise<void>;
}

/** The same connection, with something that happens around its scripts, or around all its commands. */
export function watched(connection: RedisConnection, method: 'run' | 'script', around: AroundCalls): RedisConnection {
  let calls = 0;
  const derived = Object.create(connection) as RedisConnection;
  const original = connection[method] as (...args: unknown[]) => Promise<unknown>;
  derived[method] = async (...args: unknown[]) => {
    const call = ++calls;
    await around.before?.(call);
    const answer = await original.apply(derived, args);
    await around.after?.(call);
    return answer as never;
  };
  return derived;
}
