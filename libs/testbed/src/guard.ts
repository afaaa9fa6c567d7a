import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The file in a guarded folder that holds the process group to end. */
export const groupFile = 'process-group';

// Its standard input is a pipe from this process. When this process is gone, however it ended, the pipe closes, and
// what it left behind is cleaned up.
const script = `
read -r _
group=$(cat "$1/${groupFile}" 2>/dev/null) && kill -s KILL -- "-$group" 2>/dev/null
for attempt in 1 2 3 4 5; do rm -rf -- "$1" 2>/dev/null && break; sleep 0.2; done
`;

export interface GuardedFolder {
  readonly path: string;
  /** Removes the folder. The process group must have ended. */
  remove(): Promise<void>;
}

/** A temporary folder that goes, with the server that runs in it, when this process ends for whatever reason. */
export function guardedFolder(name: string): GuardedFolder {
  const path = mkdtempSync(join(tmpdir(), `moola-${name}-`));
  const guard = spawn('sh', ['-c', script, 'guard', path], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve) => guard.once('close', () => resolve()));
  guard.unref();
  guard.stdin.on('error', () => undefined);
  (guard.stdin as unknown as { unref(): void }).unref();
  return {
    path,
    remove: async () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
      guard.ref();
      guard.stdin.end();
      await ended;
    },
  };
}
