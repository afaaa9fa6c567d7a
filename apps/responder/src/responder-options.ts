import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import type { Acted } from './act/act-metrics.js';
import type { ActionDependencies } from './act/perform.js';
import type { DecideOptions } from './domain/decide/decision-context.js';

/** What the responder of one environment runs with. */
export interface ResponderOptions {
  readonly time: EnvironmentTime;
  /** Partitions of the topics keyed by model: as many tasks has each processor that writes to `signals`. */
  readonly partitions: number;
  readonly decide: DecideOptions;
  /** Where actions are carried out; see `actionDependencies`. */
  readonly dependencies: ActionDependencies;
  /** Told of every action. */
  readonly acted?: Acted | undefined;
}

export const responderOptions = Symbol('options of the responder');
