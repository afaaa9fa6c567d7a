import type { ObservationRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor/processor';
import { ExperimentState } from './experiment-state.js';

/**
 * Compares the versions of each model with each other on the inputs that both answered: closed buckets by prediction time
 * with their revisions go to `pairs`, and how they compare since the serving one began to serve to `signals`, as it changes.
 * At most the eight most recent versions of a model (`compared-versions.ts`). Ticks go on to both, after what they caused;
 * definitions and deployments go on to `pairs`.
 */
export const experimentProcessor: Processor<ObservationRow> = {
  name: 'experiment',
  input: topics.observations,
  outputs: [topics.signals, topics.pairs],
  restore: (entries, context) => new ExperimentState(entries, context),
};
