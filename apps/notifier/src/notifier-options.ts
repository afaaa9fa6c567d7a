import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import type { PlanOptions } from './domain/plan/stage.js';
import type { Perform } from './send/send.js';

/** What the notifier of one environment runs with. */
export interface NotifierOptions {
  readonly time: EnvironmentTime;
  readonly plan: PlanOptions;
  /** Makes the attempts; see `createSend`. */
  readonly perform: Perform;
}

export const notifierOptions = Symbol('options of the notifier');
