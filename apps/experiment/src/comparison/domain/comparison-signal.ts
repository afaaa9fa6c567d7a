import { create } from '@bufbuild/protobuf';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { comparePair } from './compare-pair.js';
import type { ComparedVersions } from './compared-versions.js';
import type { ComparisonSettings } from './comparison-settings.js';
import type { PairHistory } from './pair-history.js';

/** Where a comparison stands. */
export interface Standing {
  readonly versions: ComparedVersions;
  readonly settings: ComparisonSettings;
  readonly history: PairHistory;
}

/** The row of `signals` that says how a pair stands at a tick. */
export function comparisonSignal(atMs: number, model: string, { versions, settings, history }: Standing): Signal {
  const { first, second, totals } = history;
  const { bounds, unpairedPValue, ...difference } = comparePair(
    history,
    Math.floor(atMs / settings.bucketMs),
    settings,
  );
  const value = {
    first,
    second,
    serving: [first, second].includes(versions.serving) ? versions.serving : '',
    sinceMs: versions.sinceMs,
    ...totals,
    ...difference,
    ...bounds,
    ...(unpairedPValue === null ? {} : { unpairedPValue }),
    newestPairMs: history.newest?.predictedAtMs ?? 0,
    newestKnownMs: history.newest?.knownAtMs ?? 0,
  };
  return create(SignalSchema, { atMs, model, kind: { case: 'comparison', value } });
}
