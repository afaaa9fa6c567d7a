/** What is put in order. */
export interface Named {
  readonly name: string;
  /** Kept by the order; -1 before. */
  rank: number;
}

/**
 * The order of names. Ranks are numbers, which sort far faster than names: a tick with thousands of changed models spends
 * less on their order than on one of its rules.
 */
export class NameOrder<N extends Named> {
  private ranked: N[] = [];
  private unranked: N[] = [];

  add(named: N): void {
    this.unranked.push(named);
  }

  /** @param named each added before */
  sorted(named: ReadonlySet<N>): N[] {
    this.rank();
    const ranks = new Uint32Array(named.size);
    let i = 0;
    for (const { rank } of named) ranks[i++] = rank;
    return Array.from(ranks.sort(), (rank) => this.ranked[rank] as N);
  }

  private rank(): void {
    if (this.unranked.length === 0) return;
    const more = this.unranked.sort((a, b) => (a.name < b.name ? -1 : 1));
    const before = this.ranked;
    this.ranked = [];
    this.unranked = [];
    let next = 0;
    for (const named of more) {
      while (next < before.length && (before[next] as N).name < named.name) this.ranked.push(before[next++] as N);
      this.ranked.push(named);
    }
    while (next < before.length) this.ranked.push(before[next++] as N);
    this.ranked.forEach((named, rank) => (named.rank = rank));
  }
}
