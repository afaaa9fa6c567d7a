import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor/processor';
import { BridgeState } from './bridge-state.js';

/**
 * Turns what the tracker publishes into money: revenue to `kpis`, the loss a minute of a sick model to `signals`, at each
 * tick what has changed. Of a model of which nobody declared what an answer is worth it says that, and no money. Ticks go on to both, after what they caused.
 */
export const bridgeProcessor: Processor<Snapshot> = {
  name: 'bridge',
  input: topics.snapshots,
  outputs: [topics.kpis, topics.signals],
  restore: (entries) => new BridgeState(entries),
};
