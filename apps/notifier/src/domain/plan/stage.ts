import type { DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Emitter } from '@moola/streams/processor/processor';
import type { Planned } from './planned.js';
import type { Tables } from './tables.js';

export interface PlanOptions {
  /**
   * How long after its own time a notification is still worth telling, in milliseconds of event time; later it goes to
   * the last resort alone. 0: for ever, as in a replay.
   */
  readonly expiresAfterMs: number;
}

/** One row being applied. */
export interface DecisionContext {
  readonly tables: Tables;
  readonly emitter: Emitter;
  readonly options: PlanOptions;
  /** The tick of the row: what is asked for is stamped with it. */
  readonly nowMs: number;
  /** What the row says about the notification at hand, when it is a receipt. */
  readonly receipt: DeliveryReceipt | null;
}

/** One step on a notification's way. Answers the notification for the next step, or `null` when it waits or ends here. */
export interface Stage {
  readonly name: string;
  apply(planned: Planned, context: DecisionContext): Planned | null;
}
