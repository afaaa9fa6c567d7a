import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const loader = fileURLToPath(new URL('../../../../../tools/typescript/register.mjs', import.meta.url));

/** A program of this folder in a process of its own, run from its TypeScript source. */
export interface ChildProgram {
  readonly process: ChildProcess;
  /** Lines of its standard output, parsed as JSON. */
  readonly lines: AsyncIterable<unknown>;
  /** Resolves when the process is gone and all its output is read, with what it wrote to its standard error. */
  readonly ended: Promise<string>;
}

/** @param wrapper a command that runs the program given behind it, such as one that mounts a small file system first. */
export function startChild(source: string, args: readonly string[], wrapper: readonly string[] = []): ChildProgram {
  const program = fileURLToPath(new URL(`./${source}`, import.meta.url));
  const [command, ...rest] = [...wrapper, process.execPath, '--no-warnings', '--import', loader, program, ...args];
  const child = spawn(command as string, rest, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return {
    process: child,
    lines: parsed(createInterface({ input: child.stdout })),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve(errors));
    }),
  };
}

async function* parsed(lines: AsyncIterable<string>): AsyncIterable<unknown> {
  for await (const line of lines) yield JSON.parse(line);
}
