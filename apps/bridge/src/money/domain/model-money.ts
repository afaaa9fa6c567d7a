/** What was last published of a model's revenue. Plain data, the fields of `moola.v1.Revenue`. */
export interface PublishedRevenue {
  readonly servingVersion: string;
  readonly projectedPerDayUsd?: number;
  readonly accuracySamples: number;
  readonly earnedUsd: number;
  readonly efficiencyScore?: number;
  readonly lossPerMinuteUsd: number;
  /** Nobody declared what an answer is worth: there is no money to speak of. Absent where somebody did. */
  readonly valueUndeclared?: true;
}

/** What is counted of one model. Plain data. */
export interface ModelMoney {
  /** The last version with role primary; empty while none is known. */
  readonly serving: string;
  /** When it was first heard of, milliseconds; absent where time had not begun, or an earlier version did not write it down. */
  readonly sinceMs?: number;
  /** Correct answers that were used. */
  readonly earnedCorrect: number;
  /** Something came in since the last tick. */
  readonly changed: boolean;
  readonly revenue?: PublishedRevenue;
}

export const noMoney: ModelMoney = { serving: '', earnedCorrect: 0, changed: false };
