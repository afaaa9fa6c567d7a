import { randomUUID } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import type { RedisConnection } from './connection.js';
import { RedisStoreError } from './errors.js';
import { failure, saying } from './failure.js';
import type { RedisNotices } from './notices.js';
import { aclRule } from './permissions.js';
import { neededCommands, type ScriptName } from './scripts.js';
import { effectiveSettings, type RedisSettings } from './settings.js';
import { taskKeys, type TaskKeys } from './task-keys.js';

type NeededCommand = (typeof neededCommands)[number];

/** A harmless call of each command that the store needs, on keys of no task. */
const probes: Readonly<Record<NeededCommand, (keys: TaskKeys) => readonly string[]>> = {
  info: () => ['server'],
  eval: () => ['return 1', '0'],
  evalsha: () => ['0'.repeat(40), '0'],
  hget: ({ head }) => [head, 'token'],
  hmget: ({ head }) => [head, 'token'],
  hset: ({ head }) => [head, 'token', ''],
  hdel: ({ head }) => [head, 'position'],
  hlen: ({ head }) => [head],
  hscan: ({ head }) => [head, '0'],
  pttl: ({ head }) => [head],
  pexpire: ({ head }) => [head, '60000'],
  unlink: ({ head }) => [head],
};

/**
 * Says what is wrong with a store before the first task depends on it.
 * @throws {RedisStoreError} when it cannot be used: a permission is missing, a replica, no memory.
 */
export async function checkStore(
  connection: RedisConnection,
  settings: RedisSettings,
  notices: RedisNotices,
): Promise<void> {
  await checkPermissions(connection, settings);
  await checkScripts(connection, settings);
  for (const node of mastersOf(connection)) await checkServer(connection, node, notices);
}

export function mastersOf({ client }: RedisConnection): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}

async function checkPermissions(connection: RedisConnection, settings: RedisSettings): Promise<void> {
  const keys = taskKeys(effectiveSettings(settings).keyPrefix, `check/${randomUUID()}`);
  const refused: string[] = [];
  let foreignKeys = false;
  for (const command of neededCommands) {
    const said = await connection
      .run('check permissions', (client) => client.call(command, ...probes[command](keys)))
      .then(
        () => '',
        (error: unknown) => {
          if (error instanceof RedisStoreError && ['permission', 'unexpected'].includes(error.problem))
            return error.message;
          throw error;
        },
      );
    if (/one of the keys/.test(said)) foreignKeys = true;
    else if (/NOPERM/.test(said)) refused.push(command);
  }
  if (refused.length === 0 && !foreignKeys) return;
  const lacks = [
    ...(refused.length > 0 ? [`the commands ${refused.join(', ')}`] : []),
    ...(foreignKeys ? [`the keys ${effectiveSettings(settings).keyPrefix}*`] : []),
  ];
  throw new RedisStoreError(
    'permission',
    `Redis at ${connection.address}: the user lacks ${lacks.join(' and ')}; allow it: ACL SETUSER <user> ${aclRule(settings)}`,
  );
}

/** Runs the scripts once, on a task of its own. */
async function checkScripts(connection: RedisConnection, settings: RedisSettings): Promise<void> {
  const keys = taskKeys(effectiveSettings(settings).keyPrefix, `check/${randomUUID()}`);
  const doing = 'check the scripts';
  const run = (name: ScriptName, ...args: readonly string[]) => connection.script(doing, name, keys, args);
  await run('acquire', 'token', '60000');
  await run('save', 'token', '0', '1', '0', '60000', '2', 'key', 'value');
  await connection.run(doing, (client) => client.unlink(...keys.all));
}

/** What a server's own settings mean for checkpoints. */
async function checkServer(connection: RedisConnection, node: Redis, notices: RedisNotices): Promise<void> {
  const where = `Redis at ${node.options.host ?? connection.address}:${node.options.port ?? ''}`;
  const info = new Map<string, string>();
  for (const section of ['memory', 'persistence']) {
    const text = await node.info(section).catch((error: unknown) => {
      throw failure(connection.address, `ask ${where} for its ${section} settings (${saying(error)})`, error, false);
    });
    for (const line of text.split('\r\n')) {
      const [name, value] = line.split(':');
      if (name !== undefined && value !== undefined) info.set(name, value);
    }
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    notices({
      kind: 'may-evict',
      policy,
      message: `${where} has maxmemory-policy ${policy}: it removes checkpoints when memory runs out, and tasks start from nothing; set noeviction`,
    });
  if (info.get('aof_enabled') === '0')
    notices({
      kind: 'no-append-only-file',
      message: `${where} writes no append-only file: a restart goes back to its last snapshot, or to nothing; set appendonly yes`,
    });
}
