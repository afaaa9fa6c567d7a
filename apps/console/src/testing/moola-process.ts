import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));

/** A really started `moola up`. */
export class MoolaProcess {
  private constructor(
    /** `http://127.0.0.1:8080` */
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when the page is served. */
  static async up(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<MoolaProcess> {
    const child = spawn(process.execPath, [main, 'up', ...words], {
      env: { PATH: process.env['PATH'], MOOLA_LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Promise((resolve, reject) => {
      let said = '';
      const hear = (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-10_000);
        const url = /Moola is at (\S+)/.exec(said)?.[1];
        if (url !== undefined) resolve(new MoolaProcess(url, child));
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) =>
        reject(new Error(`moola up ended with ${code} before it served the page:\n${said}`)),
      );
    });
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
