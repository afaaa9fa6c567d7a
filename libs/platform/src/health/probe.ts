import { setTimeout as delay } from 'node:timers/promises';

export interface ProbeOptions {
  /** What is asked: `Kafka`, `Redis`. */
  readonly name: string;
  /** Asks once. What it answers is what is wrong though it answers; `null` when all is well. Rejects without an answer. */
  readonly ask: () => Promise<string | null>;
  /** Between an answer and the next question, in milliseconds. @default 1000 */
  readonly everyMs?: number;
  /** After so long without an answer it counts as gone, in milliseconds. @default 3000 */
  readonly lateMs?: number;
}

/** Asks a server again and again whether it is there, so that readiness tells the truth within seconds. */
export class Probe {
  private answeredAt = performance.now();
  private hasAnswered = false;
  private wrong: string | null = null;
  private failure = '';

  constructor(private readonly options: ProbeOptions) {}

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { ask, everyMs = 1000 } = this.options;
    while (!signal.aborted) {
      try {
        this.wrong = await ask();
        this.answeredAt = performance.now();
        this.hasAnswered = true;
        this.failure = '';
      } catch (error) {
        this.failure = error instanceof Error ? error.message : String(error);
      }
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  get isUp(): boolean {
    return this.reason() === null;
  }

  /** How long ago it has answered, in seconds. */
  get silenceSeconds(): number {
    return (performance.now() - this.answeredAt) / 1000;
  }

  /** Why nothing can be done with it; `null` when it is as it should be. */
  reason(): string | null {
    const { name, lateMs = 3000 } = this.options;
    const { silenceSeconds, failure } = this;
    const said = failure === '' ? '' : `: ${failure}`;
    if (!this.hasAnswered) return `${name} has not answered yet${said}`;
    if (silenceSeconds * 1000 > lateMs) return `${name} has not answered for ${Math.round(silenceSeconds)} s${said}`;
    return this.wrong;
  }
}
