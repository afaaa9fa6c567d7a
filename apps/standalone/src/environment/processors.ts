import { bridgeProcessor } from '@moola/bridge/money/domain/bridge-processor';
import { defineProcessor } from '@moola/collector/define/domain/define-processor';
import { joinProcessor } from '@moola/collector/join/domain/join-processor';
import { experimentProcessor } from '@moola/experiment/comparison/domain/experiment-processor';
import { plan } from '@moola/notifier/domain/plan/plan';
import { decide } from '@moola/responder/domain/decide/decide';
import { mergedByTick, type MergeSource } from '@moola/streams/merge-by-tick';
import type { Processor } from '@moola/streams/processor';
import { createTracker } from '@moola/tracker/domain/tracker';

/** How time comes to an environment: from the wall clock, or from a replayer. */
export type EnvironmentTime = 'wall' | 'replay';

/** Live actions and notices are worth nothing when they come this late, in milliseconds. */
const expireAfterMs = 15 * 60_000;

/** Every processor of an environment, in the order in which data flows. */
export function processorsOf(time: EnvironmentTime, partitions: number): readonly Processor<never>[] {
  const expires = time === 'wall' ? expireAfterMs : 0;
  const responder = decide({ actionsExpireAfterMs: expires });
  const planner = plan({ expiresAfterMs: expires });
  const perPartition = (processor: string): MergeSource[] =>
    Array.from({ length: partitions }, (_, partition) => ({ processor, partition }));
  const sources = ['tracker', 'experiment', 'bridge'].flatMap(perPartition);
  const processors = [
    defineProcessor,
    joinProcessor,
    createTracker(),
    experimentProcessor,
    bridgeProcessor,
    time === 'replay' ? mergedByTick(responder, { sources }) : responder,
    time === 'replay' ? mergedByTick(planner, { sources: [{ processor: 'responder/decide', partition: 0 }] }) : planner,
  ];
  return processors as unknown as readonly Processor<never>[];
}
