import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'a server and its folder go when the process that started it ends by %s',
  async (signal) => {
    const loader = path('../../../tools/typescript/register.mjs');
    const owner = spawn(process.execPath, ['--no-warnings', '--import', loader, path('owner.child.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) => owner.stdout.setEncoding('utf8').once('data', resolve));
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
    expect(isAlive(pid)).toBe(true);
    owner.kill(signal);
    // Jest's own limit ends this when they stay.
    while (isAlive(pid) || existsSync(folder)) await wait(20);
  },
);
