import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is on the PATH; one that is named by its path is there or not. */
export function programPath(name: string): string | undefined {
  const isPath = name.includes('/');
  for (const folder of isPath ? [''] : (process.env['PATH'] ?? '').split(delimiter)) {
    const path = isPath ? name : join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

export interface CommandEnd {
  /** Exit code; undefined when the program could not be started or was ended by a signal. */
  readonly code: number | undefined;
  /** Standard output and error in the order in which they came. */
  readonly output: string;
}

/** Runs a program to its end without a terminal. */
export function runCommand(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let output = '';
    const collect = (text: string): void => void (output += text);
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => resolve({ code: undefined, output: `${output}${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
