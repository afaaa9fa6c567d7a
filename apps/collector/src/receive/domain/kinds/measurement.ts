import { eventKinds } from '@moola/contracts/event-kinds';
import { instant, invalid, name, number, requiredName } from '../checks.js';
import { most } from '../limits.js';
import type { ReceivedKind } from './received-kind.js';

/** Longest name of what is measured: rules and budgets name it. */
const longestName = 128;
/** Longest unit of measure, such as "USD" or "GPU hours". */
const longestUnit = 32;

export const measurement: ReceivedKind<'measurement'> = {
  check(measurement, range) {
    const { value } = measurement;
    const problem =
      requiredName('measurement.model', measurement.model, most.name, 'churn') ??
      requiredName('measurement.name', measurement.name, longestName, 'revenue') ??
      instant('measurement.time', measurement.time, range);
    if (problem !== null) return problem;
    if (value === undefined) return invalid('measurement.value', 'is missing: give a number such as 12.5');
    if (Number.isNaN(value)) return invalid('measurement.value', 'is NaN: send nothing where there is no number');
    return (
      number('measurement.value', value, eventKinds.measurement.numbers.value) ??
      name('measurement.unit', measurement.unit, longestUnit) ??
      name('measurement.version', measurement.version, most.name) ??
      name('measurement.subject', measurement.subject, most.input)
    );
  },
};
