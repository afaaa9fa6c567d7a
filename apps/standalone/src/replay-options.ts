import type { ReplayFiles } from './replay/replay-inputs.js';

/** What `moola replay` was asked for. */
export interface ReplayCommandOptions extends ReplayFiles {
  /** Nothing but the final line on standard output. */
  readonly json: boolean;
  /** Rows that were refused do not make the exit code that of a failure. */
  readonly allowRefused: boolean;
  /** The folder in which post-mortems are written, as the final line lists them. */
  readonly output: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}
