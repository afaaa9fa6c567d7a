import { basis, type Basis } from '@moola/metrics/metric';

const none: never[] = [];

/**
 * What follows from a version's figures, one answer a rule or line, kept until something happens to what the figure rests
 * on. Not saved: after a restart all is derived anew, to the same.
 */
export class EvaluationCache<T> {
  private answers: T[] = none;
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
    // One by one to its exact length: an array that grows by itself makes room for 17, and so does `[...answers, answer]`.
    if (place === this.answers.length) this.answers = this.answers.concat([answer]);
    else this.answers[place] = answer;
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
    this.answers = none;
    this.staleBasis = basis.both;
  }
}
