import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlledServer } from './controlled-server.js';
import { freePorts } from './free-ports.js';
import { guardedFolder } from './guard.js';
import { redisProgram } from './redis-program.js';
import { ServerProcess } from './server-process.js';

/** Where a server is, known before it starts. */
export interface RedisPlace {
  readonly port: number;
  /** A second free port: for TLS, or the bus of a cluster. */
  readonly secondPort: number;
  /** A temporary folder for keys, user lists and the like. */
  readonly folder: string;
}

export interface RedisOptions {
  /** Lines of redis.conf behind the testbed's own; of two lines that say the same thing the later one holds. */
  readonly config?: readonly string[] | ((place: RedisPlace) => readonly string[]);
  /** Default: `server`. */
  readonly role?: 'server' | 'sentinel';
  /** Cores to run on, as `taskset -c` takes them. Default: all. */
  readonly cpus?: string;
}

/** A copy of what a Redis had on disk at one moment. */
export interface RedisSnapshot {
  readonly folder: string;
}

export interface RedisServer extends ControlledServer, RedisPlace {
  /** As REDIS_URL takes it. */
  readonly url: string;
  /** Keeps what has been acknowledged so far. Clients wait for the moment that it takes. */
  snapshot(): RedisSnapshot;
  /** Sets it back: ends it as a crash does and starts it with what it had at the snapshot. */
  restoreSnapshot(snapshot: RedisSnapshot): Promise<void>;
}

/**
 * Starts a Redis on a free port of the loopback interface. What it acknowledges it writes to its append-only file
 * first, so that a kill loses nothing. `appendfsync no` promises that: it leaves it to the kernel when the file reaches
 * the disk, which outlives a kill of the process, whereas under `everysec` Redis answers up to two seconds before it
 * writes while the disk is slow (flushAppendOnlyFile in its aof.c).
 *
 * @throws MissingPart when Redis cannot be had on this machine.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = await redisProgram();
  const sentinel = options.role === 'sentinel';
  const [port, secondPort] = (await freePorts(2)) as [number, number];
  const folder = guardedFolder('redis');
  const place = { port, secondPort, folder: folder.path };
  const data = join(folder.path, 'data');
  mkdirSync(data);
  const persistence = sentinel ? [] : ['appendonly yes', 'appendfsync no', 'save ""'];
  const extra = typeof options.config === 'function' ? options.config(place) : (options.config ?? []);
  const lines = [`port ${port}`, 'bind 127.0.0.1', 'daemonize no', `dir ${data}`, ...persistence, ...extra];
  const settings = join(folder.path, 'redis.conf');
  writeFileSync(settings, `${lines.join('\n')}\n`);
  const server = new ServerProcess({
    name: sentinel ? 'Redis Sentinel' : 'Redis',
    program,
    args: [settings, ...(sentinel ? ['--sentinel'] : [])],
    folder: folder.path,
    ready: sentinel ? /Sentinel ID is/ : /Ready to accept connections/,
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
  });
  try {
    await server.start();
  } catch (error) {
    await folder.remove();
    throw error;
  }
  let snapshots = 0;
  return Object.assign(new ControlledServer(server, folder), {
    ...place,
    url: `redis://127.0.0.1:${port}`,
    snapshot: () => {
      const copy = join(folder.path, `snapshot-${++snapshots}`);
      // Every answer was written to the append-only file before it was sent: the files of a halted server are whole.
      if (server.isRunning) server.signal('SIGSTOP');
      cpSync(data, copy, { recursive: true });
      if (server.isRunning) server.signal('SIGCONT');
      return { folder: copy };
    },
    restoreSnapshot: async (snapshot: RedisSnapshot) => {
      await server.end('SIGKILL');
      rmSync(data, { recursive: true, force: true });
      cpSync(snapshot.folder, data, { recursive: true });
      await server.start();
    },
  });
}
