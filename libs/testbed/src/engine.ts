import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programOfPackage } from './debian.js';
import { guardedFolder } from './guard.js';
import { MissingPart } from './missing-part.js';
import { ServerProcess } from './server-process.js';

const run = promisify(execFile);
const command = 'as root: apt-get install docker.io';

/** A Docker engine with images of its own. Its containers have the network of this machine. */
export interface Engine {
  /**
   * Runs docker. @returns what it prints
   * @throws Error with what it says when it fails
   */
  docker(args: readonly string[]): Promise<string>;
  /** Ends its containers too. */
  stop(): Promise<void>;
}

/**
 * Starts an engine beside one that may run here already.
 *
 * @throws MissingPart when it cannot be had, or may not start, on this machine.
 */
export async function startEngine(): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new MissingPart('Docker engine', 'only root may start one', command);
  const found = await programOfPackage('dockerd', 'docker.io');
  if ('reason' in found) throw new MissingPart('Docker engine', found.reason, command);
  const folder = guardedFolder('engine');
  const address = `unix://${join(folder.path, 'docker.sock')}`;
  const server = new ServerProcess({
    ...{ name: 'dockerd', program: found.path, folder: folder.path, ready: /API listen on/ },
    args: [
      ...['--host', address, '--pidfile', join(folder.path, 'docker.pid')],
      ...['--data-root', join(folder.path, 'data'), '--exec-root', join(folder.path, 'exec')],
      // It leaves the network of this machine as it is.
      ...['--bridge', 'none', '--iptables=false', '--ip6tables=false'],
    ],
  });
  try {
    await server.start();
  } catch (error) {
    await folder.remove();
    throw new MissingPart('Docker engine', (error as Error).message, command);
  }
  const docker = async (args: readonly string[]): Promise<string> => {
    const environment = { ...process.env, DOCKER_HOST: address, DOCKER_BUILDKIT: '0' };
    try {
      return (await run('docker', args, { env: environment, maxBuffer: 64 << 20 })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`docker ${args.join(' ')}\n${stdout ?? ''}${stderr ?? String(error)}`);
    }
  };
  return {
    docker,
    async stop() {
      const containers = (await docker(['ps', '--all', '--quiet'])).split('\n').filter((id) => id !== '');
      if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
      await server.end('SIGTERM');
      // It leaves the namespace of the network mounted.
      const mounts = readFileSync('/proc/mounts', 'utf8').matchAll(/^\S+ (\S+)/gm);
      for (const [, at = ''] of mounts) if (at.startsWith(`${folder.path}/`)) await run('umount', [at]);
      await folder.remove();
    },
  };
}
