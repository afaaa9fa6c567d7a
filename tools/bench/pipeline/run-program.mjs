import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pins } from '../standalone/machine.mjs';

/** The core of broker and Redis, and that of what is measured. */
export const serversCore = pins ? '0' : undefined;
export const programCore = pins ? '1' : undefined;

/** Of a program that is measured. */
export const programPath = (name) => fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));

/** Runs a program on its core until it ends. @returns what it has told in its last line */
export const runProgram = (program, args) => startProgram(program, args).told;

/** Starts a program on its core. `told`: its last line, when it has ended. `end` closes its standard input. */
export function startProgram(program, args) {
  const [command, all] = pins ? ['taskset', ['--cpu-list', programCore, program, ...args]] : [program, args];
  const child = spawn(command, all, { stdio: 'pipe' });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const told = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const line = output.trimEnd().split('\n').at(-1);
      if (code === 0 && line) resolve(JSON.parse(line));
      else reject(new Error(`${program} ${args.join(' ')}\nended with ${code}: ${errors.slice(-4000)}`));
    });
  });
  return { told, end: () => child.stdin.end() };
}
