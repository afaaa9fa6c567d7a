import type { ObservationRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor';
import { ExperimentState } from './experiment-state.js';

/**
 * Compares the versions of each model with each other on the inputs that both answered, since the serving one began to
 * serve, and publishes to `signals` as it changes. At most the eight most recent versions of a model
 * (`compared-versions.ts`). Ticks go on to `signals`, after what they caused.
 */
export const experimentProcessor: Processor<ObservationRow> = {
  name: 'experiment',
  input: topics.observations,
  outputs: [topics.signals],
  restore: (entries) => new ExperimentState(entries),
};
