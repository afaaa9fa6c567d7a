import { create } from '@bufbuild/protobuf';
import { Lack, VersionLookedAtSchema, type VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Evidence } from './evidence.js';

/** Lacks of a version that may be rolled back to as soon as there is enough to judge it by. */
const EVIDENCE_LACKS: readonly Lack[] = [Lack.NO_RECENT_SAMPLES, Lack.NO_RECENT_PAIR, Lack.TOO_FEW_PAIRS];

/** Every version but the one that serves, by name, and what keeps it from being rolled back to. */
export function lookAtVersions(evidence: Evidence): readonly VersionLookedAt[] {
  return evidence.versions
    .filter((version) => version !== evidence.serving)
    .map((version) => lookAt(evidence, version));
}

/** Served before, known good, never rolled back away from: what it lacks is evidence at most. */
export function isEligible({ lack }: VersionLookedAt): boolean {
  return lack === Lack.UNSPECIFIED || EVIDENCE_LACKS.includes(lack);
}

/** It answers now: its figures and its pairs are recent, few as they may be. */
export function isAlive({ lack }: VersionLookedAt): boolean {
  return lack === Lack.UNSPECIFIED || lack === Lack.TOO_FEW_PAIRS;
}

/** Whether the truth of a pair became known within the budget's window. */
export function isRecent(comparison: PairedComparison, evidence: Evidence): boolean {
  return comparison.newestKnownMs > evidence.nowMs - evidence.windowMs;
}

function lookAt(evidence: Evidence, version: string): VersionLookedAt {
  const comparison = evidence.comparison(version, evidence.serving);
  const budget = evidence.budget(version);
  const { lack, ...facts } = lackOf(evidence, version, comparison);
  return create(VersionLookedAtSchema, {
    version,
    lack,
    verdict: budget?.verdict ?? BudgetVerdict.UNKNOWN,
    knownGoodAtMs: budget?.knownGoodAtMs ?? 0,
    metric: evidence.metric,
    ...facts,
    ...(comparison === undefined ? {} : { comparison }),
  });
}

interface LackFacts {
  readonly lack: Lack;
  readonly sinceMs?: number;
  readonly samples?: number;
  readonly needed?: number;
}

function lackOf(evidence: Evidence, version: string, comparison: PairedComparison | undefined): LackFacts {
  const { metric, minimumSamples, minimumPairs } = evidence;
  if (!evidence.began.has(version)) return { lack: Lack.NEVER_SERVED };
  if (evidence.rolledBackFrom.has(version)) return { lack: Lack.ROLLED_BACK };
  if (evidence.budget(version)?.knownGood !== true) return { lack: Lack.NOT_KNOWN_GOOD };
  const tooFewSinceMs = evidence.tooFewSinceMs(version);
  if (tooFewSinceMs !== null) return { lack: Lack.NO_RECENT_SAMPLES, sinceMs: tooFewSinceMs, needed: minimumSamples };
  if (comparison !== undefined && !isRecent(comparison, evidence))
    return { lack: Lack.NO_RECENT_PAIR, sinceMs: comparison.newestKnownMs, samples: comparison.pairs };
  if (comparison?.lower === undefined)
    return { lack: Lack.TOO_FEW_PAIRS, samples: comparison?.pairs ?? 0, needed: minimumPairs };
  return metric === '' ? { lack: Lack.UNSPECIFIED } : { lack: Lack.UNSPECIFIED, samples: comparison.pairs };
}
