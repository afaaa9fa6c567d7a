import { addressOf, createClient } from './client.js';
import { RedisConnection } from './connection.js';
import { RedisStoreError } from './errors.js';
import type { RedisNotices } from './notices.js';
import { RedisCheckpointStore } from './redis-checkpoint-store.js';
import { effectiveSettings, settingsProblems, type RedisSettings } from './settings.js';
import { checkStore } from './start-check.js';

/**
 * Connects, checks that the store can be used, and says in notices what it should not be like.
 * @throws {RedisStoreError}
 */
export async function openRedisStore(
  settings: RedisSettings,
  parts: { readonly notices: RedisNotices },
): Promise<RedisCheckpointStore> {
  const connection = await openConnection(settings, parts.notices);
  try {
    await checkStore(connection, settings, parts.notices);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new RedisCheckpointStore(connection, effectiveSettings(settings), parts.notices);
}

export async function openConnection(settings: RedisSettings, notices: RedisNotices): Promise<RedisConnection> {
  const problems = settingsProblems(settings);
  if (problems.length > 0) throw new RedisStoreError('settings', `Redis settings: ${problems.join('; ')}`);
  const { commandTimeoutMs, connectTimeoutMs } = effectiveSettings(settings);
  const connection = new RedisConnection(createClient(settings), addressOf(settings), commandTimeoutMs, notices);
  try {
    await connection.open(connectTimeoutMs);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}
