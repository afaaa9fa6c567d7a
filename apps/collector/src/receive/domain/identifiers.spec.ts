import { create } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { describe, expect, it } from '@jest/globals';
import { fieldClassOf } from '@moola/contracts/field-class';
import { FieldClass } from '@moola/contracts/gen/moola/v1/options_pb';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { replaceIdentifiers } from './identifiers.js';

const prediction = {
  model: 'm',
  version: 'v',
  build: 'b',
  input: 'i',
  class: 'c',
  error: 'e',
  experimentArm: 'a',
  unit: 'u',
};

/** Every text of a message and of those that it holds, by the class of its field. */
function texts(message: ReflectMessage, into: Map<FieldClass, string[]> = new Map()): Map<FieldClass, string[]> {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (field.fieldKind === 'message') texts(message.get(field), into);
    else if (field.fieldKind === 'scalar' && typeof message.get(field) === 'string')
      into.set(fieldClassOf(field), [...(into.get(fieldClassOf(field)) ?? []), String(message.get(field))]);
  }
  return into;
}

describe('anonymisation', () => {
  it.each([
    ['prediction', { case: 'prediction', value: prediction }],
    ['outcome', { case: 'outcome', value: { model: 'm', input: 'i', truth: 't', prediction } }],
    ['deployment', { case: 'deployment', value: { model: 'm', version: 'v', build: 'b', by: 'p', incident: 'n' } }],
    ['training progress', { case: 'trainingProgress', value: { model: 'm', job: 'j', checkpoint: 'k' } }],
    ['measurement', { case: 'measurement', value: { model: 'm', name: 'n', unit: 'u', version: 'v', subject: 's' } }],
    ['infrastructure sample', { case: 'infrastructureSample', value: { model: 'm', instance: 'x' } }],
  ] as const)('replaces every identifier of a %s, and nothing else', (_name, kind) => {
    const event = create(EventSchema, { id: 'e1', source: 's', kind });
    const before = texts(reflect(EventSchema, event));
    replaceIdentifiers(event, (identifier) => `hash of ${identifier}`);
    const after = texts(reflect(EventSchema, event));
    const replaced = (before.get(FieldClass.IDENTIFIER) ?? []).map((identifier) => `hash of ${identifier}`);
    expect(after.get(FieldClass.IDENTIFIER) ?? []).toEqual(replaced);
    expect(after.get(FieldClass.OPEN)).toEqual(before.get(FieldClass.OPEN));
  });
});
