import { create } from '@bufbuild/protobuf';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { comparePair } from './compare-pair.js';
import type { ComparedVersions } from './compared-versions.js';
import type { ComparisonSettings } from './comparison-settings.js';
import { pairsOf } from './pair-counts.js';
import type { PairSeries } from './pair-series.js';

/** Where a comparison stands. */
export interface Standing {
  readonly versions: ComparedVersions;
  readonly settings: ComparisonSettings;
  readonly series: PairSeries;
}

/** The row of `signals` that says how a pair stands at a tick. */
export function comparisonSignal(atMs: number, { versions, settings, series }: Standing): Signal {
  const { model, first, second, totals, products, newest } = series;
  const { bounds, unpairedPValue, ...difference } = comparePair(totals, products, settings);
  const value = {
    first,
    second,
    serving: [first, second].includes(versions.serving) ? versions.serving : '',
    sinceMs: versions.sinceMs,
    pairs: pairsOf(totals),
    firstOnly: totals.firstOnly,
    secondOnly: totals.secondOnly,
    firstCorrect: totals.firstOnly + totals.bothRight,
    secondCorrect: totals.secondOnly + totals.bothRight,
    buckets: products.buckets,
    ...difference,
    ...bounds,
    ...(unpairedPValue === null ? {} : { unpairedPValue }),
    newestPairMs: newest.predictedAtMs,
    newestKnownMs: newest.knownAtMs,
  };
  return create(SignalSchema, { atMs, model, kind: { case: 'comparison', value } });
}
