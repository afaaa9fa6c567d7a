/** How two versions did on the same inputs. Plain data. */
export interface PairCounts {
  readonly pairs: number;
  readonly firstCorrect: number;
  readonly secondCorrect: number;
  /** Only the first was right. */
  readonly firstOnly: number;
  /** Only the second was right. */
  readonly secondOnly: number;
}

export const noPairs: PairCounts = { pairs: 0, firstCorrect: 0, secondCorrect: 0, firstOnly: 0, secondOnly: 0 };

/** Whether each version of a pair answered an input right. */
export interface PairedAnswers {
  readonly first: boolean;
  readonly second: boolean;
}

/** One input that both answered. */
export function onePair({ first, second }: PairedAnswers): PairCounts {
  return {
    pairs: 1,
    firstCorrect: Number(first),
    secondCorrect: Number(second),
    firstOnly: Number(first && !second),
    secondOnly: Number(second && !first),
  };
}

export function sumOf(a: PairCounts, b: PairCounts): PairCounts {
  return {
    pairs: a.pairs + b.pairs,
    firstCorrect: a.firstCorrect + b.firstCorrect,
    secondCorrect: a.secondCorrect + b.secondCorrect,
    firstOnly: a.firstOnly + b.firstOnly,
    secondOnly: a.secondOnly + b.secondOnly,
  };
}

export function differenceOf(a: PairCounts, b: PairCounts): PairCounts {
  return {
    pairs: a.pairs - b.pairs,
    firstCorrect: a.firstCorrect - b.firstCorrect,
    secondCorrect: a.secondCorrect - b.secondCorrect,
    firstOnly: a.firstOnly - b.firstOnly,
    secondOnly: a.secondOnly - b.secondOnly,
  };
}

/** Whether these can be counts of anything: none below zero. */
export function isPossible(counts: PairCounts): boolean {
  return Object.values(counts).every((count: number) => count >= 0);
}
