import type { PairBucket } from '@moola/contracts/gen/moola/v1/pairs_pb';

/** How two versions answered the inputs that both answered. Plain data. */
export interface PairAnswers {
  readonly inputs: number;
  /** Correct answers of each. */
  readonly first: number;
  readonly second: number;
}

export const noAnswers: PairAnswers = { inputs: 0, first: 0, second: 0 };

export function answersOf({ firstOnly, secondOnly, bothRight, bothWrong }: PairBucket): PairAnswers {
  return {
    inputs: firstOnly + secondOnly + bothRight + bothWrong,
    first: firstOnly + bothRight,
    second: secondOnly + bothRight,
  };
}

export function sumOf(a: PairAnswers, b: PairAnswers): PairAnswers {
  return { inputs: a.inputs + b.inputs, first: a.first + b.first, second: a.second + b.second };
}

export function differenceOf(a: PairAnswers, b: PairAnswers): PairAnswers {
  return { inputs: a.inputs - b.inputs, first: a.first - b.first, second: a.second - b.second };
}
