import { eventKinds } from '@moola/contracts/event-kinds';
import type { Outcome } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { instant, invalid, name, number, requiredName, type Check, type TimeRange } from '../checks.js';
import { most } from '../limits.js';
import { oneLine } from '../one-line.js';
import { checkPrediction } from './check-prediction.js';
import type { ReceivedKind } from './received-kind.js';

export const outcome: ReceivedKind<'outcome'> = {
  prepare({ prediction }) {
    if (prediction) prediction.error = oneLine(prediction.error, most.text);
  },
  check: (value, range) => checkOutcome(completed(value), range),
};

/** A prediction that an outcome carries need not repeat model and input: they are filled in. */
function completed(outcome: Outcome): Outcome {
  const { prediction } = outcome;
  if (prediction) {
    prediction.model ||= outcome.model;
    prediction.input ||= outcome.input;
  }
  return outcome;
}

function checkOutcome(outcome: Outcome, range: TimeRange): Check {
  const problem =
    requiredName('outcome.model', outcome.model, most.name, 'churn') ??
    requiredName('outcome.input', outcome.input, most.input, 'order-1') ??
    instant('outcome.knownAt', outcome.knownAt, range) ??
    name('outcome.truth', outcome.truth, most.name) ??
    number('outcome.value', outcome.value, eventKinds.outcome.numbers.value);
  if (problem !== null) return problem;
  if (outcome.truth === '' && outcome.value === undefined) {
    return invalid(
      'outcome.truth',
      'is missing: give the true class, or the true value of a regression in outcome.value',
    );
  }
  const { prediction } = outcome;
  if (!prediction) return null;
  if (prediction.model !== outcome.model) return unlike('model');
  if (prediction.input !== outcome.input) return unlike('input');
  return checkPrediction('outcome.prediction', prediction, range);
}

/** Shows neither: an input may point at a person. */
function unlike(field: 'model' | 'input'): Check {
  return invalid(`outcome.prediction.${field}`, `is another than outcome.${field}: leave it out, or make them equal`);
}
