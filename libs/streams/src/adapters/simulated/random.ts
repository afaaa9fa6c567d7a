import { mulberry32 } from '@moola/contracts/mulberry32';

/** A seeded generator: the same seed gives the same numbers. */
export class Random {
  private readonly whole: () => number;

  constructor(seed: number) {
    this.whole = mulberry32(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b));
  }

  /** In [0, 1). */
  next(): number {
    return this.whole() / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** In 0 … bound − 1. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)];
  }

  shuffled<T>(items: Iterable<T>): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}
