import type { DynamicModule } from '@nestjs/common';
import type { ServedEnvironment } from '@moola/platform/service/served-environments';
import { systemClock } from '@moola/streams/adapters/system-clock';
import type { Acted } from './act/act-metrics.js';
import { actionDependencies, type RegistrySettings } from './act/action-dependencies.js';
import { ResponderModule } from './responder.module.js';

export interface ResponderDependencies {
  /** Of the topics keyed by model. */
  readonly partitions: number;
  readonly registry: RegistrySettings;
  /** A live action that comes later is worth nothing. */
  readonly expireAfterMs: number;
  /** Told of every action that was carried out or answered. */
  readonly acted?: Acted;
}

/** The responder of one environment. */
export function responderIn(
  { time }: ServedEnvironment,
  { partitions, registry, expireAfterMs, acted }: ResponderDependencies,
): DynamicModule {
  return ResponderModule.with({
    ...{ time, partitions, decide: { actionsExpireAfterMs: time === 'wall' ? expireAfterMs : 0 } },
    dependencies: actionDependencies(registry, () => systemClock.nowMs()),
    acted,
  });
}
