import type { DescMessage } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { EventSchema, OutcomeSchema, PredictionSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** Whether a message has a field with this number. */
export type KnownFields = (field: number) => boolean;

function knownFields({ fields }: DescMessage): KnownFields {
  const numbers = new Set(fields.map(({ number }) => number));
  return (field) => numbers.has(field);
}

export const eventFields = knownFields(EventSchema);
export const predictionFieldNumbers = knownFields(PredictionSchema);
export const outcomeFields = knownFields(OutcomeSchema);
export const timestampFields = knownFields(TimestampSchema);
