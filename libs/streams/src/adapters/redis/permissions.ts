import { neededCommands } from './scripts.js';
import { effectiveSettings, type RedisSettings } from './settings.js';

/** Commands that a user needs beside `neededCommands`, because of how the settings reach the servers. */
function furtherCommands(settings: RedisSettings): readonly string[] {
  const cluster = settings.servers.kind === 'cluster' ? ['cluster|slots', 'cluster|info', 'asking'] : [];
  const database = databaseOf(settings) > 0 ? ['select'] : [];
  const replicas = effectiveSettings(settings).replicasToWaitFor > 0 ? ['wait'] : [];
  return [...cluster, ...database, ...replicas];
}

/** Commands that only administration needs: listing tasks with their sizes. */
export const administrationCommands = ['scan', 'memory|usage'] as const;

/**
 * The rule of `ACL SETUSER` for a user that may do what the store needs and nothing else (name and password are to be
 * put before it).
 */
export function aclRule(settings: RedisSettings): string {
  const { keyPrefix } = effectiveSettings(settings);
  const commands = [...neededCommands, ...furtherCommands(settings)].map((command) => `+${command}`);
  return ['on', 'resetkeys', `~${keyPrefix}*`, 'resetchannels', '-@all', ...commands].join(' ');
}

/** The database of a single server's URL. */
export function databaseOf(settings: RedisSettings): number {
  return settings.servers.kind === 'single' ? Number(new URL(settings.servers.url).pathname.slice(1)) : 0;
}
