import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs a program of this folder in a process of its own. @returns what it prints, which is JSON */
export function run(program, args) {
  const file = join(import.meta.dirname, program);
  const output = execFileSync(process.execPath, ['--expose-gc', file, ...args.map(String)], { encoding: 'utf8' });
  return JSON.parse(output);
}
