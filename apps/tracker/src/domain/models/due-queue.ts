/** Names and the times at which something comes due for them; a name has one time at most. Costs nothing while idle. */
export class DueQueue {
  private readonly times = new Map<string, number>();
  /** A binary heap by time; entries that `times` no longer confirms are skipped. */
  private readonly heap: { readonly timeMs: number; readonly name: string }[] = [];

  /** @param timeMs `Infinity`: nothing comes due */
  set(name: string, timeMs: number): void {
    if (this.times.get(name) === timeMs) return;
    if (timeMs === Infinity) {
      this.times.delete(name);
      return;
    }
    this.times.set(name, timeMs);
    this.push({ timeMs, name });
  }

  /** Takes out what is due at a time, in no particular order. */
  take(nowMs: number): string[] {
    const due: string[] = [];
    for (let first = this.heap[0]; first !== undefined && first.timeMs <= nowMs; first = this.heap[0]) {
      this.pop();
      if (this.times.get(first.name) !== first.timeMs) continue;
      this.times.delete(first.name);
      due.push(first.name);
    }
    return due;
  }

  private push(entry: { readonly timeMs: number; readonly name: string }): void {
    let at = this.heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || above.timeMs <= entry.timeMs) break;
      this.heap[at] = above;
      at = parent;
    }
    this.heap[at] = entry;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.heap.length) break;
      const right = this.heap[child + 1];
      if (right !== undefined && right.timeMs < (this.heap[child]?.timeMs ?? Infinity)) child++;
      const below = this.heap[child];
      if (below === undefined || below.timeMs >= last.timeMs) break;
      this.heap[at] = below;
      at = child;
    }
    this.heap[at] = last;
  }
}
