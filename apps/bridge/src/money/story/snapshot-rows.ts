import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  Comparator,
  DefinitionSchema,
  ValueDefinitionSchema,
  type Definition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import { SnapshotSchema, type BudgetVerdict, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

export const model = 'SimpleLSTM';
export const minute = 60_000;
export const windowMs = 30 * minute;

export const modelDefinition: Definition = create(DefinitionSchema, {
  name: model,
  kind: {
    case: 'model',
    value: {
      bucketMs: minute,
      labelHorizonMs: 60 * minute,
      budget: { windowMs, lines: [{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, gate: true }] },
    },
  },
});

export function valueDefinition(value: MessageInitShape<typeof ValueDefinitionSchema>): Definition {
  return create(DefinitionSchema, {
    name: model,
    kind: { case: 'value', value: create(ValueDefinitionSchema, value) },
  });
}

export interface BucketCounts {
  readonly predictions: number;
  readonly labelled: number;
  readonly correct: number;
}

/** A bucket of one minute that starts at minute `at`. */
export function bucket(version: string, role: Role, at: number, revision: number, counts: BucketCounts): Snapshot {
  const value = { version, role, startMs: at * minute, lengthMs: minute, revision, ...counts };
  return create(SnapshotSchema, { model, kind: { case: 'bucket', value } });
}

/** @param accuracy left out where there are no labels. */
export function window(version: string, samples: number, accuracy?: number, lengthMs = windowMs): Snapshot {
  const figure = { metric: 'accuracy', samples, ...(accuracy === undefined ? {} : { value: accuracy }) };
  return create(SnapshotSchema, {
    model,
    kind: { case: 'window', value: { version, windowMs: lengthMs, figures: [figure] } },
  });
}

export function budget(version: string, verdict: BudgetVerdict, serving = true): Snapshot {
  const line = { metric: 'accuracy', verdict, gate: true, limit: 0.8 };
  return create(SnapshotSchema, {
    model,
    kind: { case: 'budget', value: { version, verdict, serving, lines: [line] } },
  });
}

/** @param incident whose rollback it is; left out for a release. */
export function deployment(version: string, at: number, incident = '', role = Role.PRIMARY): Snapshot {
  const value = { model, version, role, incident, time: timestampFromMs(at * minute) };
  return create(SnapshotSchema, { model, kind: { case: 'deployment', value } });
}
