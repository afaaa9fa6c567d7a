import { Writable } from 'node:stream';
import { run } from '../program.js';
import type { Machinery } from '../shell/machinery.js';

export interface Ending {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MoolaOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: 'pipe' | 'tty';
  readonly machinery?: Partial<Machinery>;
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
    machinery: {
      ...{ up: unused, replay: unused, notifyTest: unused, listTasks: unused, newEpoch: unused },
      ...options.machinery,
    },
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
