import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetVerdict, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Random } from '@moola/streams/adapters/simulated/random';
import {
  bucket,
  budget,
  deployment,
  minute,
  modelDefinition,
  valueDefinition,
  window,
  type BucketCounts,
} from './snapshot-rows.js';

export type StoryRow = { readonly data: Snapshot } | { readonly tick: number } | { readonly definition: Definition };

const names = ['v0', 'v1', 'v2'];
const verdicts = [BudgetVerdict.UNKNOWN, BudgetVerdict.WITHIN, BudgetVerdict.OUT, BudgetVerdict.OUT];

/**
 * What a tracker could have published of a model in less than its label horizon: buckets and their revisions, windows,
 * budgets, releases, rollbacks (some known late, some taken back), other values, ticks between minutes.
 */
export function randomSnapshots(random: Random, minutes: number): StoryRow[] {
  const rows: StoryRow[] = [
    { definition: modelDefinition },
    { definition: valueDefinition({ valuePerPredictionUsd: 0.05, predictionsPerDay: 10_000 }) },
  ];
  const said = new Map<string, { counts: BucketCounts; revision: number }>();
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  const send = (row: Snapshot) => rows.push({ data: row });

  for (let t = 0; t < minutes; t++) {
    if (random.chance(0.35)) {
      const role = random.chance(0.8) ? Role.PRIMARY : pick([Role.SHADOW, Role.UNSPECIFIED]);
      send(
        deployment(
          pick(names),
          Math.max(0, t - random.below(3)),
          pick(['', 'incident-1', 'incident-2', 'incident-3']),
          role,
        ),
      );
    }
    for (const version of names) {
      for (const at of [t, ...Array.from({ length: 2 }, () => random.below(t + 1))]) {
        const role = pick([Role.PRIMARY, Role.SHADOW]);
        const key = `${version} ${role} ${at}`;
        const { counts, revision } = said.get(key) ?? {
          counts: { predictions: 6, labelled: 0, correct: 0 },
          revision: 0,
        };
        const labelled = Math.min(6, counts.labelled + random.below(3));
        const now = {
          counts: { predictions: 6, labelled, correct: random.below(labelled + 1) },
          revision: revision + 1,
        };
        said.set(key, now);
        send(bucket(version, role, at, now.revision, now.counts));
      }
      if (random.chance(0.5)) send(window(version, 90, random.chance(0.9) ? random.next() : undefined));
      if (random.chance(0.2)) send(budget(version, pick(verdicts), random.chance(0.5)));
    }
    if (random.chance(0.03)) {
      rows.push({
        definition: valueDefinition({
          valuePerPredictionUsd: random.below(9),
          predictionsPerDay: 100,
          modelCostPerDayUsd: 7,
        }),
      });
    }
    rows.push({ tick: t * minute + random.below(minute) });
    if (random.chance(0.8)) rows.push({ tick: (t + 1) * minute });
  }
  return rows;
}
