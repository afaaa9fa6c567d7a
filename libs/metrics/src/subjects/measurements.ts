import { numberOf } from '../fraction.js';
import type { MeasuredSubject, MeasurementFigures, MeasurementWindow, SubjectMetric } from '../subject-metric.js';

const minuteMs = 60_000;

const about = { subject: 'measurement', ratio: false, worse: null } as const;
const value = { ...about, unit: 'value', shownAs: 'number', signed: true } as const;

/** Of the values of a window; unknown without any. */
const ofValues =
  (read: (window: MeasurementWindow) => number) =>
  ({ over }: MeasurementFigures, windowMs: number): MeasuredSubject => {
    const window = over(windowMs);
    return { value: window.count === 0 ? undefined : read(window), samples: window.count };
  };

/** Every metric of measurements, in the order in which people read them. */
export const measurementMetrics: readonly SubjectMetric<'measurement'>[] = [
  {
    ...{ ...value, name: 'measurement_mean', title: 'Mean', ofWindow: true },
    meaning: 'mean of the values',
    measure: ofValues(({ sum: { numerator, denominator }, count }) =>
      numberOf({ numerator, denominator: denominator * BigInt(count) }),
    ),
  },
  {
    ...{ ...value, name: 'measurement_sum', exposedAs: 'measurement_values_added', title: 'Sum', ofWindow: true },
    meaning: 'sum of the values; 0 without any, once there has been one',
    measure: ({ over, values }, windowMs) => ({ value: numberOf(over(windowMs).sum), samples: values }),
  },
  {
    ...{ ...about, name: 'measurement_count', exposedAs: 'measurement_values', title: 'Values' },
    ...{ ofWindow: true, unit: 'count', shownAs: 'number' },
    meaning: 'how many values there are; 0 without any, once there has been one',
    measure: ({ over, values }, windowMs) => ({ value: over(windowMs).count, samples: values }),
  },
  {
    ...{ ...value, name: 'measurement_minimum', title: 'Minimum', ofWindow: true },
    meaning: 'smallest value',
    measure: ofValues(({ minimum }) => minimum),
  },
  {
    ...{ ...value, name: 'measurement_maximum', title: 'Maximum', ofWindow: true },
    meaning: 'largest value',
    measure: ofValues(({ maximum }) => maximum),
  },
  {
    ...{ ...value, name: 'measurement_last', title: 'Last value', ofWindow: false },
    meaning: 'the value with the latest time, of equals the largest',
    measure: ({ last, values }) => ({ value: last, samples: values }),
  },
  {
    ...{ ...about, name: 'measurement_silent', title: 'Time without a value', ofWindow: false, worse: 'above' },
    ...{ unit: 'min', shownAs: 'minutes' },
    meaning: 'time since the latest value',
    measure: ({ silentMs, values }) => ({ value: silentMs / minuteMs, samples: values }),
  },
];
