import { eventKinds } from './event-kinds.js';
import type { EventCase } from './event-kinds/event-kind.js';
import type { NumberLimits } from './number-limits.js';

type Limits = { readonly [C in EventCase]: (typeof eventKinds)[C]['numbers'] };

/**
 * What each number of an event may be, for every door. Every sum that is kept of them is exact for any number of events within
 * these limits (`@moola/windows/wide-sums`).
 */
export const numberLimits = Object.fromEntries(
  Object.entries(eventKinds).map(([kind, { numbers }]) => [kind, numbers]),
) as unknown as Limits;

/** Whether a number may be counted: what came before a limit was set may be beyond it. `NaN`, absent, may. */
export function isWithin(value: number, { least, most }: NumberLimits): boolean {
  return !(value < least || value > most);
}

/** How large `Outcome.revision` may be: it has 32 bits. */
export const mostRevision = 0xffffffff;
