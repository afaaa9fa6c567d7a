import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { TestRow } from '@moola/testing/run-processor';
import { deployment, minute, modelDefinition, outcome, prediction } from './events.js';
import type { SeededRandom } from './random.js';

/**
 * Rows of an unruly intake: versions that answer late or twice, outcomes that come early, late, twice, corrected, with
 * their prediction or for nothing, definitions that change the horizon, and time that stands still or leaps.
 */
export function randomIntake(random: SeededRandom, length: number): TestRow<IntakeRow>[] {
  const models = ['fraud', 'churn'];
  const versions = ['v1', 'v2', 'v10', 'canary'];
  const rows: TestRow<IntakeRow>[] = [];
  const asked = [[], ['experimentArm', 'costUsd'], ['unit', 'latencyMs', 'of a newer version']];
  const features = [[], [], ['age'], ['age', 'amount', 'toString']];
  const truths = [{ truth: '0' }, { truth: '1' }, { value: 2 }, { truth: 'red', value: -1.5 }, { truth: 'red' }];
  const sent: IntakeRow[] = [];
  let nowMs = 1_000 * minute;
  const input = (): string => `input-${Math.floor(nowMs / (10 * minute)) + random.below(4)}-${random.below(3)}`;
  const past = (): number => nowMs - random.below(random.chance(5) ? 200 * minute : 20 * minute);
  const data = (): IntakeRow => {
    const roll = random.below(100);
    if (roll < 8 && sent.length > 0) return random.pick(sent);
    if (roll < 55) {
      return prediction({
        ...{ model: random.pick(models), version: random.pick(versions), input: input(), timeMs: past() },
        ...{ id: `p${random.below(1e9)}`, role: random.pick([Role.PRIMARY, Role.SHADOW, Role.CANARY]) },
        ...random.pick([
          { class: '0' },
          { class: '1' },
          { class: '1', probabilities: { '0': 0.25, '1': 0.75 } },
          { class: '' },
          { class: '', value: random.below(9) },
        ]),
        ...{ score: random.chance(20) ? NaN : random.below(100) / 100 },
        ...random.pick([
          {},
          { arm: 'a' },
          { arm: 'b', unit: `unit-${random.below(5)}`, costUsd: random.below(9) / 100 },
        ]),
        features: random.pick([{}, { age: random.below(90) }, { amount: 0.5, age: -1e-7, colour: 3 }]),
        segments: random.chance(30) ? { country: random.pick(['de', 'fr']), plan: 'basic' } : {},
      });
    }
    if (roll < 95) {
      return outcome({
        ...{ model: random.pick(models), input: input(), ...random.pick(truths), knownAtMs: past() },
        ...{ revision: random.pick([0, 0, 0, 1, 2]), id: `o${random.below(1e9)}` },
        ...(random.chance(15) && {
          carries: { version: random.pick(versions), class: random.pick(['0', '1']), timeMs: past() },
        }),
      });
    }
    return deployment(`d${random.below(6)}`, past(), random.pick(versions));
  };
  rows.push({ definition: modelDefinition(60 * minute, 'fraud', ['unit', 'latencyMs'], ['age']) }, { tick: nowMs });
  while (rows.length < length) {
    if (random.chance(15)) {
      nowMs += random.chance(3) ? 150 * minute : random.below(5 * minute);
      rows.push({ tick: nowMs });
    } else if (random.chance(1)) {
      rows.push({
        definition: modelDefinition(
          random.pick([10, 60, 240]) * minute,
          random.pick(models),
          random.pick(asked),
          random.pick(features),
        ),
      });
    } else {
      const value = data();
      sent.push(value);
      rows.push({ data: value });
    }
  }
  // All that still waits comes to its end.
  return [...rows, { tick: nowMs + 10_000 * minute }];
}
