import type { Redis } from 'ioredis';
import type { TaskId } from '../../ports/checkpoint-store.js';
import { readHead } from './checkpoint-reader.js';
import type { RedisConnection } from './connection.js';
import type { RedisNotices } from './notices.js';
import { openConnection } from './open-redis-store.js';
import { effectiveSettings, type RedisSettings } from './settings.js';
import { mastersOf } from './start-check.js';
import { headPattern, taskKeys, taskOfHead } from './task-keys.js';

/** A task as the store knows it. */
export interface StoredTask {
  readonly task: TaskId;
  /** 0: it was acquired, and never saved. */
  readonly sequence: number;
  readonly position: number;
  readonly entries: number;
  /** Memory that it takes in Redis, in bytes: estimated from some of its entries. */
  readonly bytes: number;
}

/** What an operator does with a store. Beside what a store needs, its user needs `administrationCommands`. */
export interface RedisAdministration {
  /** All tasks whose id begins so, in the order of their ids. */
  tasks(prefix: string): Promise<readonly StoredTask[]>;
  /** Removes a task whole; whoever owns it is fenced. False when there was none. */
  remove(task: TaskId): Promise<boolean>;
  close(): Promise<void>;
}

/** @throws {RedisStoreError} */
export async function openRedisAdministration(
  settings: RedisSettings,
  parts: { readonly notices: RedisNotices },
): Promise<RedisAdministration> {
  const { keyPrefix } = effectiveSettings(settings);
  const connection = await openConnection(settings, parts.notices);
  return {
    async tasks(prefix) {
      const ids = new Set<TaskId>();
      for (const node of mastersOf(connection)) await scan(connection, node, keyPrefix, prefix, ids);
      const tasks: StoredTask[] = [];
      for (const task of [...ids].sort()) tasks.push(await describeTask(connection, keyPrefix, task));
      return tasks;
    },
    async remove(task) {
      const keys = taskKeys(keyPrefix, task);
      return (await connection.run(`remove ${task}`, (client) => client.unlink(...keys.all))) > 0;
    },
    close: () => connection.close(),
  };
}

async function scan(
  connection: RedisConnection,
  node: Redis,
  keyPrefix: string,
  prefix: string,
  ids: Set<TaskId>,
): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await connection.run('list tasks', () =>
      node.scan(cursor, 'MATCH', headPattern(keyPrefix, prefix), 'COUNT', 1000),
    );
    for (const key of keys) {
      const task = taskOfHead(keyPrefix, key);
      if (task !== null) ids.add(task);
    }
    cursor = next;
  } while (cursor !== '0');
}

async function describeTask(connection: RedisConnection, keyPrefix: string, task: TaskId): Promise<StoredTask> {
  const keys = taskKeys(keyPrefix, task);
  const doing = `describe ${task}`;
  const { sequence, position, count } = await readHead(connection, doing, keys);
  let bytes = 0;
  for (const key of keys.all)
    bytes += Number((await connection.run(doing, (client) => client.memory('USAGE', key, 'SAMPLES', 20))) ?? 0);
  return { task, sequence, position, entries: count, bytes };
}
