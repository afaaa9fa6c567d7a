import { most } from '../limits.js';
import { oneLine } from '../one-line.js';
import { checkPrediction } from './check-prediction.js';
import type { ReceivedKind } from './received-kind.js';

export const prediction: ReceivedKind<'prediction'> = {
  /** A failed prediction counts whatever its message looks like: a stack trace becomes one line of bounded length. */
  prepare(value) {
    value.error = oneLine(value.error, most.text);
  },
  check: (value, range) => checkPrediction('prediction', value, range),
};
