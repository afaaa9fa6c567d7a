import { ScalarType, type DescField } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { eventCases, eventKinds } from './event-kinds.js';
import { EventSchema } from './gen/moola/v1/telemetry_pb.js';

const fieldsOf = (kind: string): readonly DescField[] => {
  const field = EventSchema.fields.find(({ localName }) => localName === kind);
  return field?.fieldKind === 'message' ? field.message.fields : [];
};
const measuring = [ScalarType.DOUBLE, ScalarType.UINT64];
const holdsNumbers = (field: DescField): boolean =>
  (field.fieldKind === 'scalar' || (field.fieldKind === 'map' && field.mapKind === 'scalar')) &&
  measuring.includes(field.scalar);

describe.each(eventCases)('an event of kind %s', (kind) => {
  it('has limits for each of its numbers', () => {
    const numbers = fieldsOf(kind).filter(holdsNumbers);
    expect(Object.keys(eventKinds[kind].numbers).sort()).toEqual(numbers.map(({ localName }) => localName).sort());
  });

  it('names its model in field 1: events are keyed by it', () => {
    expect(fieldsOf(kind)[0]).toMatchObject({ number: 1, localName: 'model', scalar: ScalarType.STRING });
  });
});
