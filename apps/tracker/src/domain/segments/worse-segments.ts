import { adjustedPValues } from '@moola/statistics/false-discovery';
import { fisherLowerTail } from '@moola/statistics/fisher-exact';
import { meanDifference, type Moments } from '@moola/statistics/mean-difference';

/** How a segment does beside the rest of its key. */
export interface SegmentComparison {
  readonly difference: number;
  readonly adjustedPValue: number;
  readonly worse: boolean;
}

/** A segment or the rest of its key with fewer samples is not compared. */
export const leastSamples = 30;
/** Of the segments that are called worse, at most this share is so by chance, on average. */
export const falseDiscoveryRate = 0.05;

export interface Comparing {
  readonly proportion: boolean;
  /** On which side a difference is bad. */
  readonly worseWhen: 'below' | 'above';
  /** How many samples carry as much information as one independent one; at least 1. */
  readonly designEffect: number;
}

interface Segment {
  readonly key: string;
  readonly moments: Moments;
}

/**
 * Compares every segment with all other values of its key, at once: semantics.md, "Segments".
 * @returns for each segment, in order; `null` where too little is known
 */
export function compareSegments(segments: readonly Segment[], how: Comparing): readonly (SegmentComparison | null)[] {
  const totals = new Map<string, Moments>();
  for (const { key, moments } of segments) totals.set(key, added(totals.get(key) ?? nothing, moments));
  const tests = segments.map(({ key, moments }) => {
    const rest = added(totals.get(key) ?? nothing, moments, -1);
    if (moments.count < leastSamples || rest.count < leastSamples) return null;
    const difference = moments.sum / moments.count - rest.sum / rest.count;
    return { difference, pValue: how.proportion ? exactTail(moments, rest, how) : normalTail(moments, rest, how) };
  });
  const adjusted = adjustedPValues(tests.filter((test) => test !== null).map(({ pValue }) => pValue));
  let next = 0;
  return tests.map((test) => {
    if (test === null) return null;
    const adjustedPValue = adjusted[next++] as number;
    return { difference: test.difference, adjustedPValue, worse: adjustedPValue <= falseDiscoveryRate };
  });
}

const nothing: Moments = { count: 0, sum: 0, squares: 0 };

function added(to: Moments, moments: Moments, sign: 1 | -1 = 1): Moments {
  return {
    count: to.count + sign * moments.count,
    sum: to.sum + sign * moments.sum,
    squares: to.squares + sign * moments.squares,
  };
}

/** Of a mean: of 30 samples and more, a normal approximation. */
function normalTail(segment: Moments, rest: Moments, { worseWhen, designEffect }: Comparing): number {
  const lowerTail = meanDifference(segment, rest, designEffect)?.lowerTail ?? 1;
  return worseWhen === 'below' ? lowerTail : 1 - lowerTail;
}

/** Of a proportion: exact, as if there were only so many samples as they are worth, rounded towards no difference. */
function exactTail(segment: Moments, rest: Moments, { worseWhen, designEffect }: Comparing): number {
  const bad = ({ count, sum }: Moments): number => (worseWhen === 'below' ? count - sum : sum);
  const worth = (samples: number): number => Math.round(samples / designEffect);
  const here = Math.min(worth(segment.count), Math.floor(bad(segment) / designEffect));
  const elsewhere = Math.min(worth(rest.count), Math.ceil(bad(rest) / designEffect));
  return fisherLowerTail(
    { successes: worth(segment.count) - here, samples: worth(segment.count) },
    { successes: worth(rest.count) - elsewhere, samples: worth(rest.count) },
  );
}
