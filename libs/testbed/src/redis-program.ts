import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { programPath, runCommand } from './command.js';
import { MissingPart } from './missing-part.js';

const install = 'apt-get install redis-server (or set REDIS_URL to a running Redis)';
const servicePolicy = '/usr/sbin/policy-rc.d';

/**
 * Finds `redis-server`; as root on Debian and its kin, installs it when it is not there.
 *
 * @throws MissingPart when it is not there and cannot be installed.
 */
export async function redisProgram(): Promise<string> {
  const found = programPath('redis-server');
  if (found !== undefined) return found;
  if (programPath('apt-get') === undefined || process.getuid?.() !== 0) {
    throw new MissingPart('Redis', 'there is no redis-server on the PATH, and only root may install it', install);
  }
  return withoutStartingServices(async () => {
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    const wait = ['-o', 'DPkg::Lock::Timeout=300'];
    const attempt = ['install', '--yes', '--no-install-recommends', ...wait, 'redis-server'];
    let { code, output } = await runCommand('apt-get', attempt, environment);
    if (code !== 0) {
      // The list of packages may be missing or old.
      await runCommand('apt-get', ['update', ...wait], environment);
      ({ code, output } = await runCommand('apt-get', attempt, environment));
    }
    const installed = programPath('redis-server');
    if (code === 0 && installed !== undefined) return installed;
    throw new MissingPart('Redis', `apt-get could not install redis-server\n${output.slice(-2_000)}`, install);
  });
}

/** Debian starts a service when its package is installed, unless this file says no. */
async function withoutStartingServices<T>(action: () => Promise<T>): Promise<T> {
  if (existsSync(servicePolicy)) return action();
  writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n');
  chmodSync(servicePolicy, 0o755);
  try {
    return await action();
  } finally {
    rmSync(servicePolicy, { force: true });
  }
}
