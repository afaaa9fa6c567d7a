import type { EventCase, EventValue } from '@moola/contracts/event-kinds/event-kind';
import type { Check, TimeRange } from '../checks.js';

/** How a kind of events is taken in. */
export interface ReceivedKind<C extends EventCase = EventCase> {
  /** Makes it what its sender meant, before it is checked. */
  prepare?(value: EventValue<C>): void;
  /** @param range which instants are taken */
  check(value: EventValue<C>, range: TimeRange): Check;
}
