/** So many may work at a time; the others wait in order. */
export class Places {
  private free: number;
  private readonly waiting = new Set<() => void>();

  constructor(most: number) {
    this.free = most;
  }

  /** Works when there is a place; not at all when the signal aborts before. */
  async run(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (!(await this.taken(signal))) return;
    try {
      await work();
    } finally {
      this.leave();
    }
  }

  private async taken(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.free > 0) {
      this.free--;
      return true;
    }
    return new Promise((resolve) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.waiting.delete(begin);
        resolve(false);
      };
      this.waiting.add(begin);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free++;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
