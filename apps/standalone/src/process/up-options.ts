/** What `moola up` was asked for. */
export interface UpOptions {
  /** Replay the example, in the environment `example`. */
  readonly example: boolean;
  /** No page, no colours, no bar: lines only, and the replay as fast as it goes. */
  readonly headless: boolean;
  /** Ends when the replay has ended, with the final line as the last line of standard output. */
  readonly exitWhenDone: boolean;
  /** Begins with an empty data folder. */
  readonly fresh: boolean;
  /** Steps a second; `null`: 10, or as fast as it goes when headless. */
  readonly speed: number | 'max' | null;
  /** `null`: the setting. */
  readonly dataFolder: string | null;
  readonly port: number | null;
  /** What is replayed instead of the example's own files. */
  readonly log: string | null;
  readonly releases: string | null;
  readonly definitions: string | null;
  /** End of the replay, exclusive, milliseconds since the epoch. */
  readonly untilMs: number | null;
  /** Whose clocks times without a zone mean; `null`: such times are refused. */
  readonly timeZone: string | null;
  /** Rows that were refused do not make the exit code that of a failure. */
  readonly allowRefused: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}
