import type { VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { differenceOf, isBetter, type Difference } from '@moola/wording/difference';
import type { Evidence } from './evidence.js';
import { isAlive, isEligible, isRecent } from './looked-at.js';

/** The version that a rollback would go to, and whether it answers now. */
export interface Candidate {
  readonly version: string;
  readonly alive: boolean;
}

/**
 * The most recently begun of the versions that served before, are known good, were never rolled back away from and have
 * recent samples. Another of them replaces it when it is better than that one with confidence; the best lower bound wins,
 * ties by name. Where none has recent samples: the most recently begun without them.
 */
export function rollbackCandidate(evidence: Evidence, lookedAt: readonly VersionLookedAt[]): Candidate | null {
  const eligible = lookedAt.filter(isEligible);
  const alive = eligible.filter(isAlive).map(({ version }) => version);
  const latest = latestOf(evidence, alive);
  if (latest === null) {
    const silent = latestOf(
      evidence,
      eligible.map(({ version }) => version),
    );
    return silent === null ? null : { version: silent, alive: false };
  }
  const best = alive
    .filter((version) => version !== latest)
    .map((version) => recentDifference(evidence, version, latest))
    .filter((difference) => difference !== null)
    .filter(isBetter)
    .reduce<Difference | null>(
      (chosen, each) => (chosen === null || (each.lower ?? 0) > (chosen.lower ?? 0) ? each : chosen),
      null,
    );
  return { version: best?.better ?? latest, alive: true };
}

function latestOf(evidence: Evidence, versions: readonly string[]): string | null {
  const began = (version: string) => evidence.began.get(version) ?? 0;
  return versions.reduce<string | null>(
    (chosen, version) => (chosen === null || began(version) > began(chosen) ? version : chosen),
    null,
  );
}

function recentDifference(evidence: Evidence, version: string, other: string): Difference | null {
  const comparison = evidence.comparison(version, other);
  return comparison !== undefined && isRecent(comparison, evidence) ? differenceOf(comparison, version) : null;
}

/** `version` − `other`, or `null` before they were compared. */
export function compared(evidence: Evidence, version: string, other: string): Difference | null {
  const comparison = evidence.comparison(version, other);
  return comparison === undefined ? null : differenceOf(comparison, version);
}
