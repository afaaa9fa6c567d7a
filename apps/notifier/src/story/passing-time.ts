import type { Clock } from '@moola/streams/ports/clock';
import { storyMs } from './attempts.js';

/** A clock whose delays pass when the story says so, so that no machine is too slow for it. */
export class PassingTime implements Clock {
  private readonly waiting = new Set<() => void>();

  nowMs(): number {
    return storyMs;
  }

  after(_delayMs: number, run: () => void): () => void {
    this.waiting.add(run);
    return () => this.waiting.delete(run);
  }

  /** Every delay that was asked for until now is over. */
  pass(): void {
    for (const run of [...this.waiting]) {
      this.waiting.delete(run);
      run();
    }
  }
}
