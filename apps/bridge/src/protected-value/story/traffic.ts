import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Random } from '@moola/streams/adapters/simulated/random';
import { deployment, minute, modelDefinition, pairBucket, valueDefinition } from './pair-rows.js';

export type StoryRow = { readonly data: PairRow } | { readonly tick: number } | { readonly definition: Definition };

const names = ['v0', 'v1', 'v2'];

/**
 * What an experiment could have published of a model in less than its label horizon: buckets of pairs and their revisions,
 * releases, rollbacks (some known late, some taken back), other values, ticks between minutes.
 */
export function randomPairs(random: Random, minutes: number): StoryRow[] {
  const rows: StoryRow[] = [{ definition: modelDefinition }, { definition: valueDefinition(0.05) }];
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  let revision = 0;
  for (let t = 0; t < minutes; t++) {
    if (random.chance(0.35)) {
      const role = random.chance(0.8) ? Role.PRIMARY : pick([Role.SHADOW, Role.UNSPECIFIED]);
      const incident = pick(['', 'incident-1', 'incident-2', 'incident-3']);
      rows.push({ data: deployment(pick(names), Math.max(0, t - random.below(3)), incident, role) });
    }
    for (const [first, second] of [
      ['v0', 'v1'],
      ['v0', 'v2'],
      ['v1', 'v2'],
    ] as const) {
      for (const at of [t, random.below(t + 1)]) {
        const counts = [random.below(5), random.below(5), random.below(5), random.below(5)] as const;
        rows.push({ data: pairBucket([first, second], at, ++revision, counts) });
      }
    }
    if (random.chance(0.03)) rows.push({ definition: valueDefinition(random.below(9)) });
    rows.push({ tick: t * minute + random.below(minute) });
    if (random.chance(0.8)) rows.push({ tick: (t + 1) * minute });
  }
  return rows;
}
