import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { TestRow } from '@moola/testing/run-processor';
import { deployment, minute, prediction } from './events.js';
import type { SeededRandom } from './random.js';

/**
 * Versions of one model that follow one another: some are released with a deployment event, some without, some by a rollback; an
 * event may come late; the version before, a canary and a shadow answer beside; answers come out of order; sometimes nothing answers.
 */
export function randomReleases(random: SeededRandom, length: number): TestRow<IntakeRow>[] {
  const versions = ['v1', 'v2', 'v3'];
  const rows: TestRow<IntakeRow>[] = [];
  let nowMs = 1_000 * minute;
  let [serves, before] = ['v1', 'v2'];
  let count = 0;
  const answer = (version: string, role: Role, timeMs: number) =>
    rows.push({ data: prediction({ version, role, timeMs, input: `i${count}`, id: `p${count++}` }) });
  rows.push({ tick: nowMs });
  while (rows.length < length) {
    nowMs += random.below(30_000);
    const roll = random.below(1000);
    if (roll < 20) {
      before = serves;
      serves = random.pick(versions);
      const lateMs = random.chance(30) ? random.below(20 * minute) : 0;
      const incident = random.chance(25) ? 'an incident' : '';
      if (random.chance(40)) rows.push({ data: deployment(`d${count++}`, nowMs - lateMs, serves, incident) });
    } else if (roll < 24) {
      rows.push({ data: deployment(`d${count++}`, nowMs - random.below(60 * minute), random.pick(versions)) });
    } else if (roll < 30) {
      nowMs += random.below(40 * minute);
    } else if (roll < 60) {
      answer(before, Role.PRIMARY, nowMs - random.below(10 * minute));
    } else if (roll < 200) {
      answer(random.pick(versions), random.pick([Role.SHADOW, Role.CANARY]), nowMs);
    } else {
      answer(serves, Role.PRIMARY, nowMs - random.below(2 * minute));
    }
  }
  return [...rows, { tick: nowMs }];
}
