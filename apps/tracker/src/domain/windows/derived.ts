import { basis, type Basis } from './figures.js';

/**
 * What follows from a version's figures, one answer a rule or line, kept until something happens to what the figure rests
 * on. Not saved: after a restart all is derived anew, to the same.
 */
export class Derived<T> {
  private readonly answers: T[] = [];
  private staleBasis: number = basis.both;

  stale(of: Basis): void {
    this.staleBasis |= of;
  }

  isStale(place: number, restsOn: Basis): boolean {
    return place >= this.answers.length || (this.staleBasis & restsOn) !== 0;
  }

  get(place: number): T {
    return this.answers[place] as T;
  }

  /** Places are first set in order. */
  set(place: number, answer: T): void {
    this.answers[place] = answer;
  }

  /** In order of their places. */
  all(): readonly T[] {
    return this.answers;
  }

  /** Every stale answer has been set. */
  refreshed(): void {
    this.staleBasis = 0;
  }

  /** Other rules and lines have come. */
  clear(): void {
    this.answers.length = 0;
    this.staleBasis = basis.both;
  }
}
