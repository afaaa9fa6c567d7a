import { PlainOutcome } from '@moola/contracts/plain-outcome';

/** Who sends the rows of a table. */
export const tableSource = 'log';

/** The outcome that a row of a table tells; it gets its id when it is sent. @param knownMs whole milliseconds */
export function tableOutcome(model: string, input: string, truth: string, knownMs: number): PlainOutcome {
  const seconds = Math.floor(knownMs / 1000);
  const nanos = (knownMs - seconds * 1000) * 1_000_000;
  return new PlainOutcome('', tableSource, model, input, seconds, nanos, truth, undefined, 0);
}
