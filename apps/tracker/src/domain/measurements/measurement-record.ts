import type { Measurement } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { longestWindowMs } from '@moola/metrics/subject-metric';
import { countValue, noBuckets, type MeasurementBucket } from './measurement-buckets.js';

/** What is kept of the values of one name. Plain data: JSON keeps it. Times are those of its values, milliseconds. */
export interface MeasurementRecord {
  startedMs: number;
  /** Of its latest value. */
  heardMs: number;
  /** Of measure; empty where nobody said it. */
  unit: string;
  values: number;
  /** With the latest time, of equals the largest; `null` before the first. */
  last: number | null;
  /** Values in another unit, which are not counted, and the latest unit that they had. */
  valuesOfOtherUnit: number;
  otherUnit: string;
  /** Values whose buckets were gone. */
  late: number;
  buckets: MeasurementBucket[][];
}

export function newMeasurement(timeMs: number): MeasurementRecord {
  return {
    ...{ startedMs: timeMs, heardMs: timeMs, unit: '', values: 0, last: null },
    ...{ valuesOfOtherUnit: 0, otherUnit: '', late: 0, buckets: noBuckets() },
  };
}

/** Takes a value: semantics.md, "Measurements". */
export function observeValue(record: MeasurementRecord, { value, unit }: Measurement, timeMs: number): void {
  if (value === undefined || Number.isNaN(value)) return;
  if (unit !== '' && unit !== record.unit) {
    if (record.unit !== '' && !isOver(record, timeMs)) {
      record.valuesOfOtherUnit++;
      record.otherUnit = unit;
      return;
    }
    if (record.unit !== '') Object.assign(record, newMeasurement(timeMs));
    record.unit = unit;
  }
  if (record.last === null || timeMs > record.heardMs) record.last = value;
  else if (timeMs === record.heardMs) record.last = Math.max(record.last, value);
  record.values++;
  record.startedMs = Math.min(record.startedMs, timeMs);
  record.heardMs = Math.max(record.heardMs, timeMs);
  if (!countValue(record.buckets, value, timeMs, record.heardMs)) record.late++;
}

/** Nothing has come in the unit that holds for as long as the longest window: another one begins anew. */
function isOver({ heardMs }: MeasurementRecord, timeMs: number): boolean {
  return timeMs - heardMs >= longestWindowMs.measurement;
}
