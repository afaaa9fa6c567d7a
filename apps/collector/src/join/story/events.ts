import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { absentPrediction } from '@moola/contracts/columns/absent';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { EventRow, PredictionRow } from '@moola/contracts/rows';

export const minute = 60_000;

/** A prediction at minute 0 by version `v1` of `fraud`, unless said otherwise. */
export function prediction(over: Partial<PredictionRow> & { readonly input: string }): PredictionRow {
  const version = over.version ?? 'v1';
  return {
    ...absentPrediction,
    kind: 'prediction',
    id: `${version}/${over.input}`,
    source: 'test',
    model: 'fraud',
    version,
    role: Role.PRIMARY,
    timeMs: 0,
    class: '1',
    score: 0.5,
    latencyMs: 3,
    ...over,
  };
}

export interface OutcomeFields {
  readonly input: string;
  readonly truth?: string;
  readonly value?: number;
  readonly knownAtMs: number;
  readonly model?: string;
  readonly revision?: number;
  readonly id?: string;
  /** The prediction that it carries. */
  readonly carries?: { readonly version: string; readonly class: string; readonly timeMs: number };
}

export function outcome(fields: OutcomeFields): EventRow {
  const { input, truth = '', value, knownAtMs, model = 'fraud', revision = 0, carries } = fields;
  return {
    kind: 'event',
    event: create(EventSchema, {
      id: fields.id ?? `outcome/${input}/${revision}`,
      source: 'test',
      kind: {
        case: 'outcome',
        value: {
          ...{ model, input, truth, revision, knownAt: timestampFromMs(knownAtMs) },
          ...(value !== undefined && { value }),
          ...(carries && {
            prediction: {
              ...{ model, input, version: carries.version, class: carries.class, role: Role.PRIMARY },
              time: timestampFromMs(carries.timeMs),
            },
          }),
        },
      },
    }),
  };
}

export function deployment(id: string, timeMs: number, version = 'v1', incident = ''): EventRow {
  const value = { model: 'fraud', version, role: Role.PRIMARY, time: timestampFromMs(timeMs), incident };
  return { kind: 'event', event: create(EventSchema, { id, source: 'test', kind: { case: 'deployment', value } }) };
}

export function modelDefinition(
  labelHorizonMs: number,
  name = 'fraud',
  labelledWith: string[] = [],
  features: string[] = [],
): Definition {
  return create(DefinitionSchema, { name, kind: { case: 'model', value: { labelHorizonMs, labelledWith, features } } });
}
