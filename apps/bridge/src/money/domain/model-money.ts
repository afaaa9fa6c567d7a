import type { Rollback } from './rollback.js';

/** What was last published of a model's revenue. Plain data, the fields of `moola.v1.Revenue`. */
export interface PublishedRevenue {
  readonly servingVersion: string;
  readonly projectedPerDayUsd?: number;
  readonly accuracySamples: number;
  readonly earnedUsd: number;
  readonly efficiencyScore?: number;
  readonly lossPerMinuteUsd: number;
}

/** What is counted of one model. Plain data. */
export interface ModelMoney {
  /** The last version with role primary; empty while none is known. */
  readonly serving: string;
  /** Correct answers that were used. */
  readonly earnedCorrect: number;
  readonly rollbacks: readonly Rollback[];
  /** Something came in since the last tick. */
  readonly changed: boolean;
  readonly revenue?: PublishedRevenue;
}

export const noMoney: ModelMoney = { serving: '', earnedCorrect: 0, rollbacks: [], changed: false };
