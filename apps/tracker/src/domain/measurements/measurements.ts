import { create } from '@bufbuild/protobuf';
import { MeasurementSnapshotSchema, SubjectKind } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Measurement } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { shownWindowMs } from '@moola/metrics/subject-metric';
import { otherSubjects, type SubjectKind as Kind } from '../subjects/subject-kind.js';
import { windowOf } from './measurement-buckets.js';
import { newMeasurement, observeValue, type MeasurementRecord } from './measurement-record.js';

/** After so much silence a name is no longer used: it is forgotten, and its alerts end. */
const forgottenAfterMs = 7 * 86_400_000;
const minuteMs = 60_000;

/** What the user's own systems measure, by name. */
export const measurements: Kind<'measurement', MeasurementRecord, Measurement, null> = {
  ...{ name: 'measurement', wire: SubjectKind.MEASUREMENT, format: 1, most: 100, beyondMost: 'counted together' },
  nameOf: ({ name }) => name,
  begin: newMeasurement,
  observe: observeValue,
  estimates: () => null,
  figures: (record, _, nowMs) => ({
    values: record.values,
    silentMs: Math.max(0, nowMs - record.heardMs),
    last: record.last ?? undefined,
    over: (windowMs) => windowOf(record.buckets, windowMs, nowMs),
  }),
  isOver: () => false,
  forgottenAtMs: ({ heardMs }) => heardMs + forgottenAfterMs,
  // What its last hour holds changes with time.
  state: ({ heardMs }, nowMs) =>
    nowMs - heardMs > shownWindowMs.measurement + minuteMs ? 'silent' : String(Math.floor(nowMs / minuteMs)),
  forgotten: (measurement) => ({
    case: 'measurement',
    value: create(MeasurementSnapshotSchema, {
      ...{ measurement, other: measurement === otherSubjects, forgotten: true },
    }),
  }),
  snapshot(record, { name, figures, undeclared }) {
    const { unit, startedMs, heardMs, values, valuesOfOtherUnit, otherUnit, late } = record;
    const counted = { startedMs, heardMs, values, late, undeclared };
    // Of many names, perhaps in many units: only their number says something.
    const value =
      name === otherSubjects
        ? { ...counted, other: true, figures: figures.filter(({ metric }) => metric === 'measurement_count') }
        : { ...counted, measurement: name, unit, valuesOfOtherUnit, otherUnit, figures };
    return { case: 'measurement', value: create(MeasurementSnapshotSchema, value) };
  },
};
