/** Runs tasks of the same key one after the other, in the order in which they were asked for; others beside them. */
export class InOrder {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    // A task that failed keeps nobody waiting.
    const result = before.then(task, task);
    this.last.set(key, result);
    try {
      return await result;
    } finally {
      if (this.last.get(key) === result) this.last.delete(key);
    }
  }
}
