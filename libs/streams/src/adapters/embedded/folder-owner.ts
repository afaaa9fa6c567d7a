import { closeSync, openSync } from 'node:fs';
import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FolderInUseError, type FolderOwner } from './errors.js';

/** Longest socket path that every supported kernel takes, in bytes. */
const maxSocketPath = 100;
const socketName = 'owner.sock';

/** Ownership of a folder, held until released or until the process ends, however it ends. */
export interface FolderOwnership {
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. The owner listens on a socket in the folder and tells who it is: whoever finds a
 * socket that nobody answers on knows that its owner is dead, so that a kill leaves nothing to clean up by hand.
 * @throws {FolderInUseError}
 */
export async function ownFolder(folder: string): Promise<FolderOwnership> {
  const owner: FolderOwner = { pid: process.pid, since: new Date().toISOString() };
  const place = socketPlace(folder);
  try {
    for (;;) {
      const server = await listen(place.path, owner);
      if (server !== null) {
        return {
          async release() {
            await new Promise((resolve) => server.close(resolve));
            place.release();
          },
        };
      }
      const other = await ask(place.path);
      if (other !== null) throw new FolderInUseError(folder, other);
      await removeStale(folder, place);
    }
  } catch (error) {
    place.release();
    throw error;
  }
}

interface SocketPlace {
  readonly path: string;
  release(): void;
}

/** The socket's path, shortened through a descriptor of the folder where the folder's name is too long for a kernel. */
function socketPlace(folder: string): SocketPlace {
  const path = join(folder, socketName);
  if (Buffer.byteLength(path) <= maxSocketPath) return { path, release: () => undefined };
  if (process.platform !== 'linux') {
    throw new Error(`the path of ${folder} is longer than ${maxSocketPath} bytes: choose a shorter one for the data`);
  }
  const descriptor = openSync(folder, 'r');
  return { path: `/proc/self/fd/${descriptor}/${socketName}`, release: () => closeSync(descriptor) };
}

/** Resolves with `null` when the path is taken, by a living owner or by a dead one. */
function listen(path: string, owner: FolderOwner): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(JSON.stringify(owner));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Who answers on the socket; `null` when nobody does. */
function ask(path: string): Promise<FolderOwner | null> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(path);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer += text));
    socket.on('end', () => resolve(JSON.parse(answer) as FolderOwner));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? resolve(null) : reject(error),
    );
  });
}

/**
 * Removes a dead owner's socket. One process at a time does so, and only after it has asked once more: nobody else takes a
 * path away meanwhile, so what is dead then is still dead when it is removed.
 */
async function removeStale(folder: string, place: SocketPlace): Promise<void> {
  const turn = `${place.path}.removing`;
  try {
    await mkdir(turn);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await setTimeout(50);
    // Whoever took the turn and died in it does not keep it.
    const { mtimeMs } = await stat(turn).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > 10_000) await rmdir(turn).catch(() => undefined);
    return;
  }
  try {
    for (let asked = 0; asked < 2; asked++) {
      const revived = await ask(place.path);
      if (revived !== null) throw new FolderInUseError(folder, revived);
      // A socket that is bound and does not listen yet looks dead for a moment.
      await setTimeout(20);
    }
    await rm(place.path, { force: true });
  } finally {
    await rmdir(turn);
  }
}
