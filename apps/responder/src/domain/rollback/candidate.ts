import { differenceOf, isBetter, type Difference } from '@moola/wording/difference';
import type { Evidence } from './evidence.js';

/**
 * The version that a rollback would go to: the most recently begun of those that served before, are known good and
 * were never rolled back away from. Another of them replaces it when it is better than that one with confidence; the
 * best lower bound wins, ties by name.
 */
export function rollbackCandidate(evidence: Evidence): string | null {
  const candidates = [...evidence.began.keys()]
    .filter((version) => version !== evidence.serving)
    .filter((version) => evidence.budget(version)?.knownGood === true)
    .filter((version) => !evidence.rolledBackFrom.has(version))
    .sort();
  const began = (version: string) => evidence.began.get(version) ?? 0;
  const latest = candidates.reduce<string | null>(
    (chosen, version) => (chosen === null || began(version) > began(chosen) ? version : chosen),
    null,
  );
  if (latest === null) return null;
  const challengers = candidates
    .filter((version) => version !== latest)
    .map((version) => compared(evidence, version, latest))
    .filter((difference) => difference !== null)
    .filter(isBetter);
  const best = challengers.reduce<Difference | null>(
    (chosen, each) => (chosen === null || (each.lower ?? 0) > (chosen.lower ?? 0) ? each : chosen),
    null,
  );
  return best?.better ?? latest;
}

/** `version` − `other`, or `null` before they were compared. */
export function compared(evidence: Evidence, version: string, other: string): Difference | null {
  const comparison = evidence.comparison(version, other);
  return comparison === undefined ? null : differenceOf(comparison, version);
}
