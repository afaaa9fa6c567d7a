import type { FaultPlan } from './faults.js';

/** How much a run of the chaos test does. */
export interface ChaosSettings {
  readonly seed: number;
  readonly plan: FaultPlan;
  /** Inputs a second, each answered by two versions. */
  readonly inputsPerSecond: number;
}

/** In CI: every fault at least once, in a few minutes. */
const shortPlan: FaultPlan = {
  ...{ kill: 4, pause: 1, add: 2, remove: 2 },
  ...{ 'restart-broker': 1, 'kill-broker': 1, 'kill-redis': 1, 'set-redis-back': 1 },
};

/** `npm run test:chaos` */
const longPlan: FaultPlan = {
  ...{ kill: 50, pause: 8, add: 10, remove: 10 },
  ...{ 'restart-broker': 3, 'kill-broker': 3, 'kill-redis': 5, 'set-redis-back': 5 },
};

/** `MOOLA_CHAOS=long` takes the long plan; `MOOLA_CHAOS_SEED` replays a run's faults and load. */
export function chaosSettings(variables: Readonly<Record<string, string | undefined>>): ChaosSettings {
  const seed = Number(variables['MOOLA_CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
  const plan = variables['MOOLA_CHAOS'] === 'long' ? longPlan : shortPlan;
  return { seed, plan, inputsPerSecond: 100 };
}
