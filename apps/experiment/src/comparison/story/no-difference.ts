import { changeBucket, emptyProducts, type BucketTotal } from '@moola/statistics/lagged-products';
import type { Random } from '@moola/streams/adapters/simulated/random';
import { comparePair, LAGS } from '../domain/compare-pair.js';
import { undeclaredSettings } from '../domain/comparison-settings.js';
import { noPairs, onePair, sumOf, type PairCounts } from '../domain/pair-counts.js';

/** Two versions of which neither is better, and how their outcomes come. */
export interface Scenario {
  readonly name: string;
  /** How many inputs both answer in a bucket. */
  readonly pairsIn: (bucket: number) => number;
  /** Which of the two is luckier in each bucket, on average neither: −1 to 1, shared by its inputs. */
  readonly luck: (random: Random, buckets: number) => number[];
  /** In which bucket the outcome of an input of this bucket is sent. */
  readonly sentIn: (random: Random, bucket: number) => number;
  /** Over how many buckets dependence is declared. */
  readonly declaredLag: number;
  /** `comparison.designEffect`; 1: not declared. */
  readonly designEffect?: number;
}

/** On so many of the inputs the two answer differently. */
const DISCORDANT = 0.4;
/** So far luck moves the difference, in answers an input: pairs of one bucket correlate by 0.1. */
const STRENGTH = 0.2;

/**
 * One story without a difference, looked at after every bucket as long as something comes.
 *
 * @returns whether the bound ever says that one of them is better.
 */
export function decidesWrongly(scenario: Scenario, buckets: number, random: Random): boolean {
  const { declaredLag: lag, designEffect = 1 } = scenario;
  const settings = { ...undeclaredSettings, lag, designEffect };
  const luck = scenario.luck(random, buckets);
  const sent = new Map<number, [number, PairCounts][]>();
  for (let bucket = 0; bucket < buckets; bucket++) {
    const firstOnly = DISCORDANT / 2 + (STRENGTH / 2) * Math.max(-1, Math.min(1, luck[bucket] as number));
    for (let i = scenario.pairsIn(bucket); i > 0; i--) {
      const draw = random.next();
      const pair = onePair({ first: draw < firstOnly || draw >= DISCORDANT, second: draw >= firstOnly });
      const at = Math.max(bucket, scenario.sentIn(random, bucket));
      const others = sent.get(at);
      if (others) others.push([bucket, pair]);
      else sent.set(at, [[bucket, pair]]);
    }
  }
  const known: PairCounts[] = [];
  const products = emptyProducts(LAGS);
  let totals = noPairs;
  for (const at of [...sent.keys()].sort((a, b) => a - b)) {
    const changed = new Map<number, PairCounts>();
    for (const [bucket, pair] of sent.get(at) ?? []) {
      changed.set(bucket, sumOf(changed.get(bucket) ?? known[bucket] ?? noPairs, pair));
      totals = sumOf(totals, pair);
    }
    for (const [bucket, now] of changed) {
      const totalAt = (distance: number) => known[bucket + distance] && totalOf(known[bucket + distance] as PairCounts);
      changeBucket(products, totalOf(known[bucket] ?? noPairs), totalOf(now), totalAt);
      known[bucket] = now;
    }
    const { bounds } = comparePair(totals, products, settings);
    if (bounds && (bounds.lower > 0 || bounds.upper < 0)) return true;
  }
  return false;
}

function totalOf({ firstOnly, secondOnly, bothRight, bothWrong }: PairCounts): BucketTotal {
  return { sum: firstOnly - secondOnly, count: firstOnly + secondOnly + bothRight + bothWrong };
}

/** Normal with variance 1 (G. E. P. Box and M. E. Muller, 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Each bucket's luck is its own. */
const independent = (random: Random, buckets: number): number[] =>
  Array.from({ length: buckets }, () => normal(random));

/** Luck that lasts: an autoregression. */
const lasting =
  (persistence: number) =>
  (random: Random, buckets: number): number[] => {
    const luck: number[] = [];
    for (let t = 0; t < buckets; t++) {
      const fresh = Math.sqrt(1 - persistence ** 2) * normal(random);
      luck.push(t === 0 ? normal(random) : persistence * (luck[t - 1] as number) + fresh);
    }
    return luck;
  };

/** Outcomes with overlapping horizons: each bucket shares what happened in the `reach` buckets after it. */
const overlapping =
  (reach: number) =>
  (random: Random, buckets: number): number[] => {
    const news = Array.from({ length: buckets + reach }, () => normal(random));
    const sumAt = (t: number) => news.slice(t, t + reach + 1).reduce((sum, value) => sum + value, 0);
    return Array.from({ length: buckets }, (_, t) => sumAt(t) / Math.sqrt(reach + 1));
  };

const none = (_: Random, buckets: number): number[] => new Array<number>(buckets).fill(0);
const atOnce = (_: Random, bucket: number): number => bucket;
const inBatchesOf =
  (size: number) =>
  (_: Random, bucket: number): number =>
    (Math.floor(bucket / size) + 1) * size - 1;

export const scenarios: readonly Scenario[] = [
  { name: 'independent, one input a bucket', pairsIn: () => 1, luck: none, sentIn: atOnce, declaredLag: 0 },
  { name: 'independent, outcomes in batches', pairsIn: () => 10, luck: none, sentIn: inBatchesOf(50), declaredLag: 0 },
  {
    name: 'predictions in bursts that share their luck',
    pairsIn: (bucket) => (bucket % 12 === 0 ? 200 : 0),
    luck: independent,
    sentIn: atOnce,
    declaredLag: 0,
  },
  { name: 'short dependence, not declared', pairsIn: () => 10, luck: lasting(0.5), sentIn: atOnce, declaredLag: 0 },
  {
    name: 'lasting dependence, declared, outcomes in batches',
    pairsIn: () => 10,
    luck: lasting(0.8),
    sentIn: inBatchesOf(40),
    declaredLag: 15,
  },
  {
    name: 'lasting dependence, declared, outcomes late and in any order',
    pairsIn: () => 10,
    luck: lasting(0.8),
    sentIn: (random, bucket) => bucket + random.below(100),
    declaredLag: 15,
  },
  {
    name: 'overlapping horizons, declared',
    pairsIn: () => 6,
    luck: overlapping(21),
    sentIn: (_, bucket) => bucket + 21,
    declaredLag: 21,
  },
  {
    name: 'overlapping horizons and their design effect, declared',
    pairsIn: () => 6,
    luck: overlapping(21),
    sentIn: (_, bucket) => bucket + 21,
    declaredLag: 21,
    designEffect: 20,
  },
];

/** Scenarios that nobody can be right about: dependence that lasts long and that nobody declared. For the record. */
export const undeclaredScenarios: readonly Scenario[] = [0.8, 0.9, 0.95].map((persistence) => ({
  name: `lasting dependence (${persistence} a bucket), not declared`,
  pairsIn: () => 10,
  luck: lasting(persistence),
  sentIn: atOnce,
  declaredLag: 0,
}));

/** The most wrong decisions of so many stories with which a rate of at most `alpha` is still believed, at 99 %. */
export function mostBelieved(stories: number, alpha: number): number {
  let probability = (1 - alpha) ** stories;
  let cumulated = probability;
  let wrong = 0;
  while (cumulated < 0.99) {
    wrong += 1;
    probability *= ((stories - wrong + 1) / wrong) * (alpha / (1 - alpha));
    cumulated += probability;
  }
  return wrong;
}
