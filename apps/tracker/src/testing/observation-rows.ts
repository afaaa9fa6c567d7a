import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { absentLabelled, absentPrediction } from '@moola/contracts/columns/absent';
import type { RefusalReason } from '@moola/contracts/gen/moola/v1/rows_pb';
import { RefusalSchema } from '@moola/contracts/gen/moola/v1/rows_pb';
import {
  DeploymentSchema,
  EventSchema,
  InfrastructureSampleSchema,
  MeasurementSchema,
  OutcomeSchema,
  Role,
  TrainingProgressSchema,
  type InfrastructureSample,
  type Measurement,
  type TrainingProgress,
} from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { EventRow, LabelledRow, PredictionRow, RefusalRow } from '@moola/contracts/rows';

/** Rows of `observations` for tests; what a test does not care about has a plain value. */

export function predictionRow(fields: Partial<PredictionRow> & { readonly timeMs: number }): PredictionRow {
  return {
    ...absentPrediction,
    kind: 'prediction',
    source: 'test',
    model: 'M',
    version: 'v1',
    role: Role.PRIMARY,
    class: '1',
    ...fields,
  };
}

/** A label that became known when it was predicted, unless stated. */
export function labelledRow(fields: Partial<LabelledRow> & { readonly knownAtMs: number }): LabelledRow {
  return {
    ...absentLabelled,
    kind: 'labelled',
    model: 'M',
    version: 'v1',
    role: Role.PRIMARY,
    predictedAtMs: fields.knownAtMs,
    class: '1',
    truth: '1',
    group: 0,
    ...fields,
  };
}

export function deploymentRow(model: string, version: string, role: Role, timeMs: number): EventRow {
  const value = create(DeploymentSchema, { model, version, role, time: timestampFromMs(timeMs) });
  return { kind: 'event', event: create(EventSchema, { kind: { case: 'deployment', value } }) };
}

/** An outcome that labelled nothing when it came. */
export function outcomeRow(model: string): EventRow {
  const value = create(OutcomeSchema, { model, input: 'i', truth: '1' });
  return { kind: 'event', event: create(EventSchema, { kind: { case: 'outcome', value } }) };
}

export function refusalRow(model: string, reason: RefusalReason): RefusalRow {
  return { kind: 'refusal', refusal: create(RefusalSchema, { model, reason }) };
}

type ProgressFields = Exclude<MessageInitShape<typeof TrainingProgressSchema>, TrainingProgress>;
type SampleFields = Exclude<MessageInitShape<typeof InfrastructureSampleSchema>, InfrastructureSample>;

type MeasurementFields = Exclude<MessageInitShape<typeof MeasurementSchema>, Measurement>;

/** A report of job "fit" of model "M", unless stated. */
export function progressRow(timeMs: number, fields: ProgressFields = {}): EventRow {
  const value = create(TrainingProgressSchema, { model: 'M', job: 'fit', time: timestampFromMs(timeMs), ...fields });
  return { kind: 'event', event: create(EventSchema, { kind: { case: 'trainingProgress', value } }) };
}

/** A sample of instance "pod-1" of model "M", unless stated. */
export function sampleRow(timeMs: number, fields: SampleFields = {}): EventRow {
  const time = timestampFromMs(timeMs);
  const value = create(InfrastructureSampleSchema, { model: 'M', instance: 'pod-1', time, ...fields });
  return { kind: 'event', event: create(EventSchema, { kind: { case: 'infrastructureSample', value } }) };
}

/** A value of measurement "revenue" of model "M", unless stated. */
export function measurementRow(timeMs: number, value: number, fields: MeasurementFields = {}): EventRow {
  const time = timestampFromMs(timeMs);
  const measurement = create(MeasurementSchema, { model: 'M', name: 'revenue', time, value, ...fields });
  return { kind: 'event', event: create(EventSchema, { kind: { case: 'measurement', value: measurement } }) };
}
