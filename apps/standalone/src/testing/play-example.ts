import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The example as real processes of the built command, each variant held to the oracle's committed answer. */
export const example = 'examples/index-volatility';
const folders: string[] = [];
export const minutes = 60_000;

export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'moola-story-'));
  folders.push(folder);
  return folder;
}

/** Removes what the runs have left. */
export function removeDataFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

export interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs `moola up --example` to its end. @param onLine may kill it at a line of its story */
export function play(
  folder: string,
  options: readonly string[],
  onLine?: (line: string, kill: () => void) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const fixed = ['--example', '--headless', '--exit-when-done', '--port', '0', '--data', folder];
  return moola(['up', ...fixed, ...options], onLine, environment);
}

/** Runs `moola replay` on a log of the example. */
export function replay(folder: string, log: string, releases: string, options: readonly string[] = []) {
  const files = ['--definitions', `${example}/definitions.yaml`, '--releases', `${example}/releases/${releases}.csv`];
  return moola(['replay', `${example}/log/${log}.csv.gz`, ...files, '--output', folder, '--json', ...options]);
}

/** Runs `moola backtest` on a log of the example. @param releases path of a file */
export function backtest(log: string, releases: string, options: readonly string[] = []) {
  const files = ['--definitions', `${example}/definitions.yaml`, '--releases', releases];
  return moola(['backtest', '--log', `${example}/log/${log}.csv.gz`, ...files, ...options]);
}

function moola(
  words: readonly string[],
  onLine?: (line: string, kill: () => void) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(process.execPath, ['apps/cli/dist/main.js', ...words], {
      env: { ...process.env, ...environment },
    });
    let text = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const line of chunk.split('\n')) onLine?.(line, () => child.kill('SIGKILL'));
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines: text.trim().split('\n'), errors }));
  });
}

export const expected = (name: string): unknown =>
  JSON.parse(readFileSync(`tools/oracle/expected/${name}.json`, 'utf8'));

export function finalLineOf({ code, lines, errors }: Ended): unknown {
  if (code !== 0) throw new Error(`it ended with ${code}: ${errors.slice(-2000)}`);
  return JSON.parse(lines.at(-1) ?? '');
}
