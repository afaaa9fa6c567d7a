import type { GuardedFolder } from './guard.js';
import type { ServerProcess } from './server-process.js';

/** A server that a test ends, halts and starts again. */
export class ControlledServer {
  constructor(
    private readonly server: ServerProcess,
    private readonly files: GuardedFolder,
  ) {}

  /** @throws Error when it is not running. */
  get pid(): number {
    return this.server.pid;
  }

  /** Everything that it has written to its log, from all its starts. */
  output(): string {
    return this.server.output();
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    // Nothing of it is read again.
    await this.kill();
    await this.files.remove();
  }

  /** SIGKILL. Its folder stays for a restart. */
  kill(): Promise<void> {
    return this.server.end('SIGKILL');
  }

  /** Ends it in order if it runs, and starts it at the same place with what it had. */
  async restart(): Promise<void> {
    await this.server.end('SIGTERM');
    await this.server.start();
  }

  /** SIGSTOP: connections stay open and nothing is answered. */
  pause(): void {
    this.server.signal('SIGSTOP');
  }

  resume(): void {
    this.server.signal('SIGCONT');
  }
}
