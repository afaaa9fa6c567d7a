import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { MeasurementSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { numberOf } from '@moola/metrics/fraction';
import { tiers, windowOf } from './measurement-buckets.js';
import { newMeasurement, observeValue, type MeasurementRecord } from './measurement-record.js';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

const take = (record: MeasurementRecord, timeMs: number, value: number, unit = ''): void =>
  observeValue(record, create(MeasurementSchema, { value, unit }), timeMs);
const recordOf = (values: readonly (readonly [timeMs: number, value: number])[]): MeasurementRecord => {
  const record = newMeasurement(values[0]?.[0] ?? 0);
  for (const [timeMs, value] of values) take(record, timeMs, value);
  return record;
};
const over = ({ buckets }: MeasurementRecord, windowMs: number, nowMs: number) => {
  const { count, sum, minimum, maximum } = windowOf(buckets, windowMs, nowMs);
  return count === 0 ? { count } : { count, sum: numberOf(sum), minimum, maximum };
};

describe('the values of a measurement', () => {
  it('are summed exactly: huge ones that cancel leave the small ones', () => {
    const record = recordOf([1e30, 1e-20, -1e30].map((value, i) => [i, value]));
    expect(over(record, minuteMs, 10)).toEqual({
      count: 3,
      sum: expect.closeTo(1e-20, 28),
      minimum: -1e30,
      maximum: 1e30,
    });
  });

  it('give the same in whatever order they come within an hour', () => {
    const value = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(
        fc
          .array(value, { minLength: 1, maxLength: 30 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([one, other]) => {
          const [first, second] = [one, other].map((all) =>
            recordOf(all.map(([minute, of]) => [1_000 * minuteMs + minute * minuteMs, of])),
          );
          expect(second!.buckets).toEqual(first!.buckets);
          expect(second!.last).toBe(first!.last);
        },
      ),
    );
  });

  it.each([
    ['15 s', minuteMs / 4, 1],
    ['5 min', 5 * minuteMs, 5],
    ['15 min', 15 * minuteMs, 15],
    ['1 h', 60 * minuteMs, 60],
    ['24 h', dayMs, 1440],
  ])('are those of the window of %s, one a minute', (_, windowMs, count) => {
    const record = newMeasurement(0);
    for (let minute = 0; minute < 3000; minute++) take(record, minute * minuteMs, 2);
    // The last tick of a bucket of every tier: 2,999 is one before a quarter of an hour begins.
    const nowMs = 2999 * minuteMs + 1;
    expect(over(record, windowMs, nowMs)).toEqual({ count, sum: 2 * count, minimum: 2, maximum: 2 });
    expect(over(record, windowMs, nowMs + 2 * dayMs)).toEqual({ count: 0 });
    record.buckets.forEach((inTier, i) =>
      expect(inTier.length).toBeLessThanOrEqual(tiers[i]!.longestMs / tiers[i]!.bucketMs + 1),
    );
  });

  it('that are a day late are in no window, and are counted as late; the last value is that of the latest time', () => {
    const record = recordOf([
      [2 * dayMs, 5],
      [minuteMs, 7],
      [2 * dayMs, 4],
    ]);
    expect(over(record, dayMs, 2 * dayMs)).toEqual({ count: 2, sum: 9, minimum: 4, maximum: 5 });
    expect(record).toMatchObject({ values: 3, late: 1, last: 5, startedMs: minuteMs, heardMs: 2 * dayMs });
  });

  it('in another unit are not mixed in, and it is said; a day later they begin anew', () => {
    const record = newMeasurement(0);
    for (const [value, unit] of [
      [1, ''],
      [2, 'USD'],
      [3, 'EUR'],
      [4, ''],
    ] as const)
      take(record, minuteMs, value, unit);
    expect(over(record, minuteMs, minuteMs)).toMatchObject({ count: 3, sum: 7 });
    expect(record).toMatchObject({ unit: 'USD', values: 3, valuesOfOtherUnit: 1, otherUnit: 'EUR' });
    take(record, dayMs, 8, 'EUR');
    expect(record).toMatchObject({ unit: 'USD', valuesOfOtherUnit: 2 });
    take(record, minuteMs + dayMs, 8, 'EUR');
    expect(record).toMatchObject({ unit: 'EUR', values: 1, valuesOfOtherUnit: 0, last: 8 });
    expect(over(record, dayMs, minuteMs + dayMs)).toMatchObject({ count: 1, sum: 8 });
  });
});
