import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { absentLabelled } from '@moola/contracts/columns/absent';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { EventRow, LabelledRow } from '@moola/contracts/rows';

export const model = 'SimpleLSTM';

export interface Settings {
  readonly bucketMs: number;
  readonly lag: number;
  readonly alpha: number;
  readonly tunedForBuckets: number;
  readonly minimumPairs: number;
  readonly designEffect: number;
}

export function modelDefinition({ bucketMs, lag, ...comparison }: Settings): Definition {
  return create(DefinitionSchema, {
    name: model,
    kind: { case: 'model', value: { bucketMs, labelDependenceMs: lag * bucketMs, comparison } },
  });
}

/** @param role left out for a new build of what serves. */
export function deployment(version: string, timeMs: number, role = Role.PRIMARY): EventRow {
  const value = { model, version, role, time: timestampFromMs(timeMs) };
  return {
    kind: 'event',
    event: create(EventSchema, { id: `${version}-${timeMs}`, kind: { case: 'deployment', value } }),
  };
}

/** A labelled row of a binary model whose truth is 1. */
export function labelled(
  version: string,
  right: boolean,
  row: Pick<LabelledRow, 'input' | 'group' | 'predictedAtMs' | 'knownAtMs'> & Partial<LabelledRow>,
): LabelledRow {
  const truth = row.truth ?? '1';
  const other = truth === '1' ? '0' : '1';
  return {
    ...absentLabelled,
    kind: 'labelled',
    model,
    version,
    role: Role.SHADOW,
    class: right ? truth : other,
    truth,
    score: 0.5,
    ...row,
  };
}
