import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { groupFile } from './guard.js';

export interface ServerCommand {
  /** Shown in errors. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A guarded folder: the log and the number of the process group lie in it. */
  readonly folder: string;
  /** Appears in the output when clients are served. */
  readonly ready: RegExp;
  /** Cores to run on, as `taskset -c` takes them: "0", "0,2", "0-1". Default: all. */
  readonly cpus?: string;
}

/** Java on a busy machine takes its time. */
const readyWithinMs = 180_000;
const stopWithinMs = 15_000;

/** A server in a process group of its own. It can be ended and started again; its log is one file. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private readonly log: string;

  constructor(private readonly command: ServerCommand) {
    this.log = join(command.folder, 'server.log');
  }

  /** @throws Error when it is not running. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.command.name} is not running`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  /** Everything that it has written so far, from all its starts. */
  output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** @throws Error with the end of its output when it ends or is not ready within three minutes. */
  async start(): Promise<void> {
    const { name, folder, environment, ready } = this.command;
    if (this.isRunning) throw new Error(`${name} is running already (process ${this.pid})`);
    const output = openSync(this.log, 'a');
    const from = statSync(this.log).size;
    const [program, args] = this.pinned();
    const child = spawn(program, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...environment },
    });
    closeSync(output);
    let failure = '';
    this.child = child;
    this.ended = new Promise((resolve) => {
      const end = (why: string): void => {
        failure ||= why;
        if (this.child === child) this.child = undefined;
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(`it ended with ${signal ?? `exit code ${code}`}`));
    });
    child.unref();
    if (child.pid !== undefined) writeFileSync(join(folder, groupFile), String(child.pid));
    const deadline = performance.now() + readyWithinMs;
    while (!ready.test(readFileSync(this.log).subarray(from).toString('utf8'))) {
      if (failure === '' && performance.now() > deadline) failure = 'it was not ready within three minutes';
      if (failure !== '') {
        await this.end('SIGKILL');
        throw new Error(`${name} did not start: ${failure}\n${this.output().slice(-4_000)}`);
      }
      await wait(20);
    }
  }

  /** Sends a signal to the whole process group. */
  signal(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Ends it by the given signal, by SIGKILL if that takes longer than 15 s. Does nothing when it has ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return;
    this.child?.ref();
    this.signal(signal);
    const impatient = setTimeout(() => this.isRunning && this.signal('SIGKILL'), stopWithinMs);
    await this.ended;
    clearTimeout(impatient);
    rmSync(join(this.command.folder, groupFile), { force: true });
  }

  private pinned(): [string, readonly string[]] {
    const { program, args, cpus } = this.command;
    return cpus === undefined ? [program, args] : ['taskset', ['-c', cpus, program, ...args]];
  }
}
