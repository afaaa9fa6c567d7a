import type { VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { differenceOf, isBetter, isWorse, type Difference } from '@moola/wording/difference';

/** What is sure of the versions that were looked at, each against the version that serves. Names, sorted. */
export interface Findings {
  readonly better: readonly string[];
  readonly worse: readonly string[];
}

export const noFindings: Findings = { better: [], worse: [] };

/** Which versions are better or worse with confidence. */
export function findingsOf(lookedAt: readonly VersionLookedAt[]): Findings {
  const those = (is: (difference: Difference) => boolean) =>
    lookedAt
      .filter(({ version, comparison }) => comparison !== undefined && is(differenceOf(comparison, version)))
      .map(({ version }) => version)
      .sort();
  return { better: those(isBetter), worse: those(isWorse) };
}

/** Both together: what was sure once is not new again when a bound goes back over 0. */
export function joined(a: Findings, b: Findings): Findings {
  const union = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])].sort();
  return { better: union(a.better, b.better), worse: union(a.worse, b.worse) };
}

/** What has become sure since, as far as an answer for `to` turns on it. */
export function newFindings(before: Findings, now: Findings, to: string): Findings {
  return {
    better: now.better.filter((version) => !before.better.includes(version)),
    worse: now.worse.filter((version) => version === to && !before.worse.includes(version)),
  };
}
