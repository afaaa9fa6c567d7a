import type { PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor/processor';
import { ProtectedValueState } from './protected-value-state.js';

/**
 * What rollbacks protected, from the inputs that both versions answered: to `kpis`, at each tick what has changed. Ticks go
 * on to `kpis`, after what they caused.
 */
export const protectedValueProcessor: Processor<PairRow> = {
  name: 'bridge/protected-value',
  input: topics.pairs,
  outputs: [topics.kpis],
  restore: (entries) => new ProtectedValueState(entries),
};
