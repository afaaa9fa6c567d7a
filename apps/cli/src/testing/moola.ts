import { Writable } from 'node:stream';
import { run } from '../program.js';
import type { Operations } from '../shell/operations.js';

export interface Ending {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MoolaOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: 'pipe' | 'tty';
  readonly operations?: Partial<Operations>;
}

class Captured extends Writable {
  readonly chunks: Buffer[] = [];
  constructor(readonly isTTY: boolean) {
    super();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

const unused = (): never => {
  throw new Error('this command was not expected to set anything going');
};

/** Runs `moola` with these words, as user maria. */
export async function moola(words: readonly string[], options: MoolaOptions = {}): Promise<Ending> {
  const stdout = new Captured(options.terminal === 'tty');
  const stderr = new Captured(options.terminal === 'tty');
  const exitCode = await run(words, {
    ...{ stdout, stderr, user: 'maria', env: options.env ?? {} },
    operations: {
      ...{
        up: unused,
        replay: unused,
        backtest: unused,
        analyze: unused,
        power: unused,
        notifyTest: unused,
        listTasks: unused,
        newEpoch: unused,
      },
      ...{ importHistory: unused, deploymentTest: unused, removeDeploymentTest: unused },
      ...options.operations,
    },
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
