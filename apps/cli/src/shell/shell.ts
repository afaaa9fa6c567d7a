import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { printable } from '../output/printable.js';
import type { Operations } from './operations.js';

type Format = Parameters<typeof styleText>[0];

/** Where a command's words go. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
}

/** What surrounds a command: its streams, its environment, who runs it, and what does the heavy work. */
export interface ShellDependencies {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of who runs it: the actor of commands, unless they say another. */
  readonly user: string;
  readonly operations: Operations;
}

/** Speaks for a command, and remembers how it ended. */
export class Shell {
  /**
   * 0: done; 1: it could not be done, and a line on standard error says why; 2: it was asked for in a wrong way; 3: it was done, and
   * something of what was given (rows of a log, definitions) was refused.
   */
  exitCode = 0;
  private readonly colours: boolean;

  constructor(readonly dependencies: ShellDependencies) {
    this.colours = dependencies.stdout.isTTY === true && !dependencies.env['NO_COLOR'];
  }

  get env(): ShellDependencies['env'] {
    return this.dependencies.env;
  }

  print(text: string): void {
    this.dependencies.stdout.write(`${text}\n`);
  }

  json(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Something to know beside the answer; on standard error, so that it never gets into a pipe. */
  note(text: string): void {
    this.dependencies.stderr.write(`${printable(text)}\n`);
  }

  /** @param problem what, where, what to do: one line */
  fail(problem: string): void {
    this.note(`moola: ${problem}`);
    this.exitCode = 1;
  }

  /** @param problem what was refused of what was given */
  refuse(problem: string): void {
    this.note(`moola: ${problem}`);
    this.exitCode = 3;
  }

  misuse(problem: string): void {
    this.note(`moola: ${problem}`);
    this.exitCode = 2;
  }

  style(format: Format, text: string): string {
    return this.colours ? styleText(format, text, { validateStream: false }) : text;
  }
}
