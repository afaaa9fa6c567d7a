/** How two versions answered the same inputs. Plain data. */
export interface PairCounts {
  /** Only the first was right. */
  readonly firstOnly: number;
  /** Only the second was right. */
  readonly secondOnly: number;
  readonly bothRight: number;
  readonly bothWrong: number;
}

export const noPairs: PairCounts = { firstOnly: 0, secondOnly: 0, bothRight: 0, bothWrong: 0 };

/** Whether each version of a pair answered an input right. */
export interface PairedAnswers {
  readonly first: boolean;
  readonly second: boolean;
}

/** One input that both answered. */
export function onePair({ first, second }: PairedAnswers): PairCounts {
  return {
    firstOnly: Number(first && !second),
    secondOnly: Number(second && !first),
    bothRight: Number(first && second),
    bothWrong: Number(!first && !second),
  };
}

export function pairsOf(counts: PairCounts): number {
  return counts.firstOnly + counts.secondOnly + counts.bothRight + counts.bothWrong;
}

export function sumOf(a: PairCounts, b: PairCounts): PairCounts {
  return {
    firstOnly: a.firstOnly + b.firstOnly,
    secondOnly: a.secondOnly + b.secondOnly,
    bothRight: a.bothRight + b.bothRight,
    bothWrong: a.bothWrong + b.bothWrong,
  };
}

export function differenceOf(a: PairCounts, b: PairCounts): PairCounts {
  return {
    firstOnly: a.firstOnly - b.firstOnly,
    secondOnly: a.secondOnly - b.secondOnly,
    bothRight: a.bothRight - b.bothRight,
    bothWrong: a.bothWrong - b.bothWrong,
  };
}

export function isSame(a: PairCounts, b: PairCounts): boolean {
  return (
    a.firstOnly === b.firstOnly &&
    a.secondOnly === b.secondOnly &&
    a.bothRight === b.bothRight &&
    a.bothWrong === b.bothWrong
  );
}

/** Whether these can be counts of anything: none below zero. */
export function isPossible({ firstOnly, secondOnly, bothRight, bothWrong }: PairCounts): boolean {
  return Math.min(firstOnly, secondOnly, bothRight, bothWrong) >= 0;
}
