import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { PairRowSchema, type PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

export const model = 'SimpleLSTM';
export const minute = 60_000;

export const modelDefinition: Definition = create(DefinitionSchema, {
  name: model,
  kind: { case: 'model', value: { bucketMs: minute, labelHorizonMs: 60 * minute } },
});

export function valueDefinition(valuePerPredictionUsd: number): Definition {
  return create(DefinitionSchema, { name: model, kind: { case: 'value', value: { valuePerPredictionUsd } } });
}

/** [only the first was right, only the second, both, neither] */
export type Counts = readonly [number, number, number, number];

/** A bucket of one minute that starts at minute `at`; versions in any order. */
export function pairBucket(of: readonly [string, string], at: number, revision: number, counts: Counts): PairRow {
  const isInOrder = of[0] < of[1];
  const [first, second] = isInOrder ? of : [of[1], of[0]];
  const [firstOnly, secondOnly] = isInOrder ? [counts[0], counts[1]] : [counts[1], counts[0]];
  const [startMs, endMs] = [at * minute, (at + 1) * minute];
  const [, , bothRight, bothWrong] = counts;
  const value = { first, second, startMs, endMs, revision, firstOnly, secondOnly, bothRight, bothWrong };
  return create(PairRowSchema, { model, kind: { case: 'bucket', value } });
}

/** @param incident whose rollback it is; left out for a release. */
export function deployment(version: string, at: number, incident = '', role = Role.PRIMARY): PairRow {
  const value = { model, version, role, incident, time: timestampFromMs(at * minute) };
  return create(PairRowSchema, { model, kind: { case: 'deployment', value } });
}
