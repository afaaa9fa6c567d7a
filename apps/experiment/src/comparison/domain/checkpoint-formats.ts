import { changeBucket, emptyProducts } from '@moola/statistics/lagged-products';
import { jsonEntry } from '@moola/streams/processor/keyed-state';
import { LAGS } from './compare-pair.js';
import type { ComparedVersions } from './compared-versions.js';
import { settingsOf, type ComparisonSettings } from './comparison-settings.js';
import type { GroupAnswer, InputGroup } from './input-group.js';
import type { PairCounts } from './pair-counts.js';
import type { NewestPair, PairSeries } from './pair-series.js';

/** Format 1 of each: the shape before inputs were counted by the time of their prediction. */

type OldSettings = Omit<ComparisonSettings, 'labelHorizonMs'>;

/** The label horizon was not kept: that of a model which declares none stands until the next definition. */
export const settingsEntry = jsonEntry<ComparisonSettings>(2, {
  1: (old) => {
    const { bucketMs, lag, ...comparison } = old as OldSettings;
    return { ...settingsOf({ bucketMs, labelDependenceMs: lag * bucketMs, labelHorizonMs: 0 }), ...comparison };
  },
});

export const versionsEntry = jsonEntry<ComparedVersions>(2, {
  1: (old) => {
    const versions = old as Omit<ComparedVersions, 'begunMs'>;
    return { ...versions, begunMs: versions.serving === '' ? [] : [versions.sinceMs] };
  },
});

/** Without a time of prediction the answers up to the checkpoint make no pair with those to the same input after it. */
export const groupEntry = jsonEntry<InputGroup>(2, {
  1: (old) => {
    const group = old as InputGroup;
    return { ...group, answers: group.answers.filter((answer: Partial<GroupAnswer>) => answer.predictedAtMs) };
  },
});

/** A comparison of format 1: its buckets went by the arrival of outcomes, and closed ones were added up at once. */
export interface HistoryOfFormatOne {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  readonly totals: OldCounts;
  readonly sums: {
    readonly buckets: number;
    readonly sumSum: readonly number[];
    readonly sumCount: readonly number[];
    readonly countCount: readonly number[];
  };
  readonly newest?: NewestPair;
  /** [index, counts] */
  readonly open: readonly (readonly [number, OldCounts])[];
}

interface OldCounts {
  readonly pairs: number;
  readonly firstCorrect: number;
  readonly firstOnly: number;
  readonly secondOnly: number;
}

/** What was compared goes on counting; the buckets in which it lay are not known any more. */
export function seriesOfFormatOne(history: HistoryOfFormatOne): PairSeries {
  const { model, first, second, totals, sums, open } = history;
  const all = [totals, ...open.map(([, counts]) => counts)].map(countsOf);
  const sumOver = (count: keyof PairCounts) => all.reduce((sum, counts) => sum + counts[count], 0);
  const products = emptyProducts(LAGS);
  for (const kept of ['sumSum', 'sumCount', 'countCount'] as const) {
    sums[kept].slice(0, LAGS + 1).forEach((value, k) => (products[kept][k] = value));
  }
  Object.assign(products, { buckets: sums.buckets, sum: totals.firstOnly - totals.secondOnly, count: totals.pairs });
  for (const [, counts] of open) {
    const now = { sum: counts.firstOnly - counts.secondOnly, count: counts.pairs };
    changeBucket(products, { sum: 0, count: 0 }, now, () => undefined);
  }
  return {
    ...{ model, first, second, products },
    newest: history.newest ?? { predictedAtMs: 0, knownAtMs: 0 },
    totals: {
      firstOnly: sumOver('firstOnly'),
      secondOnly: sumOver('secondOnly'),
      bothRight: sumOver('bothRight'),
      bothWrong: sumOver('bothWrong'),
    },
  };
}

function countsOf({ pairs, firstCorrect, firstOnly, secondOnly }: OldCounts): PairCounts {
  const bothRight = firstCorrect - firstOnly;
  return { firstOnly, secondOnly, bothRight, bothWrong: pairs - firstOnly - secondOnly - bothRight };
}
