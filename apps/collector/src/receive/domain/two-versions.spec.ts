import { clone, create, createFileRegistry, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonObject, Message } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  EnumValueDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  type DescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import type { ForeignRecord } from '@moola/contracts/foreign-record';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { runProcessor } from '@moola/testing/run-processor';
import { contentId } from '../event-id.js';
import { refusalLetter } from '../refusal-letter.js';
import { receiveProcessor } from './receive-processor.js';
import type { ReceiveCounts } from './receive-settings.js';

const nowMs = Date.UTC(2026, 2, 1, 12);

/** `moola.v1.Event` as another version of the contract has it. */
function anotherVersion(change: (file: FileDescriptorProto) => void): DescMessage {
  const { file } = EventSchema;
  const changed = clone(FileDescriptorProtoSchema, file.proto);
  change(changed);
  const dependencies = file.dependencies.flatMap((each) => [each, ...each.dependencies]);
  const find = (name: string) =>
    name === changed.name ? changed : dependencies.find((each) => each.proto.name === name)?.proto;
  const schema = createFileRegistry(changed, find).getMessage('moola.v1.Event');
  if (!schema) throw new Error('the changed contract has no event');
  return schema;
}

function messageOf(file: FileDescriptorProto, name: string): DescriptorProto {
  const message = file.messageType.find((each) => each.name === name);
  if (!message) throw new Error(`the contract has no ${name}`);
  return message;
}

const text = (name: string, number: number, jsonName = name) =>
  create(FieldDescriptorProtoSchema, { name, number, jsonName, type: Type.STRING, label: Label.OPTIONAL });

/** The next version: more fields everywhere, one more kind of event, one more role. */
const newer = anotherVersion((file) => {
  messageOf(file, 'Event').field.push(text('trace', 3), text('tenant', 200));
  messageOf(file, 'Prediction').field.push(text('prompt', 116), text('hardware', 117));
  messageOf(file, 'Outcome').field.push(text('judge', 9));
  file.messageType.push(create(DescriptorProtoSchema, { name: 'Feedback', field: [text('model', 1)] }));
  const feedback = { name: 'feedback', jsonName: 'feedback', number: 99, type: Type.MESSAGE, label: Label.OPTIONAL };
  const field = create(FieldDescriptorProtoSchema, { ...feedback, typeName: '.moola.v1.Feedback', oneofIndex: 0 });
  messageOf(file, 'Event').field.push(field);
  const roles = file.enumType.find(({ name }) => name === 'Role');
  roles?.value.push(create(EnumValueDescriptorProtoSchema, { name: 'ROLE_JUDGE', number: 4 }));
});

/** An earlier version, which had less. */
const older = anotherVersion((file) => {
  const prediction = messageOf(file, 'Prediction');
  prediction.field = prediction.field.filter(({ number }) => number <= 7);
  prediction.nestedType = [];
  const outcome = messageOf(file, 'Outcome');
  outcome.field = outcome.field.filter(({ number }) => number <= 4);
  for (const message of [prediction, outcome]) {
    message.oneofDecl = [];
    for (const field of message.field) field.oneofIndex = undefined as never;
  }
});

/** What becomes of records, and how many fields were passed over. */
function received(values: readonly Uint8Array[]) {
  const counts: ReceiveCounts[] = [];
  const processor = receiveProcessor({
    ...{ horizonMs: 1e9, contentId, replaceIdentifier: null, counted: (each: ReceiveCounts) => counts.push(each) },
    letter: (refused) => refusalLetter(Buffer.alloc(32), refused),
  });
  const records = values.map((value): ForeignRecord => ({ value, headers: {}, appendedAtMs: nowMs }));
  const rows = runProcessor(processor, [...records.map((data) => ({ data })), { tick: 1 }], {
    restartBefore: new Set([records.length]),
  });
  return { rows: rows.map(({ topic, content }) => ({ topic, content })), unknownFields: counts[0]?.unknownFields };
}

const prediction = {
  model: 'fraud',
  version: 'v1',
  role: 'ROLE_SHADOW',
  input: 'i',
  time: '2026-03-01T11:59:59Z',
  class: '1',
};
const outcome = { model: 'fraud', input: 'i', knownAt: '2026-03-01T12:00:00Z', truth: '1' };
const events: readonly JsonObject[] = [
  { id: 'p', source: 's', prediction },
  { id: 'o', source: 's', outcome },
  { id: 'l', source: 's', outcome: { ...outcome, prediction } },
];
const newerEvents: readonly JsonObject[] = [
  { id: 'p', source: 's', trace: 't', prediction: { ...prediction, prompt: 'x', hardware: 'gpu' } },
  { id: 'o', source: 's', tenant: 'acme', outcome: { ...outcome, judge: 'human' } },
  { id: 'l', source: 's', outcome: { ...outcome, judge: 'human', prediction: { ...prediction, prompt: 'x' } } },
];
const bytesOf = (schema: DescMessage) => (event: JsonObject) => toBinary(schema, fromJson(schema, event));
const textOf = (event: JsonObject) => Buffer.from(JSON.stringify(event));

describe('two versions of the contract', () => {
  it.each([
    ['protobuf', newerEvents.map(bytesOf(newer))],
    ['JSON', newerEvents.map(textOf)],
  ])("lets a newer producer's events in as %s, its new fields passed over and counted", (_, values) => {
    const known = received(events.map(bytesOf(EventSchema)));
    expect(known.rows.map(({ topic }) => topic)).toEqual(['intake', 'intake', 'intake']);
    expect(known.unknownFields).toBe(0);
    expect(received(values)).toEqual({ rows: known.rows, unknownFields: 7 });
  });

  it("lets an older producer's events in as they were meant", () => {
    expect(received(events.slice(0, 2).map(bytesOf(older)))).toEqual(
      received(events.slice(0, 2).map(bytesOf(EventSchema))),
    );
  });

  it('is read by a newer consumer, its new fields empty', () => {
    for (const event of events) {
      const read = fromBinary(newer, bytesOf(EventSchema)(event)) as Message & { trace: string };
      expect(read.trace).toBe('');
      expect(read.$unknown).toBeUndefined();
      expect(toJson(newer, read)).toEqual(event);
    }
  });

  it.each([
    [
      'a kind that it does not know',
      { id: 'f', feedback: { model: 'fraud' } },
      'says nothing: .*; fields that this version does not know: 1',
    ],
    ['a role that it does not know', { prediction: { ...prediction, role: 'ROLE_JUDGE' } }, 'ROLE_JUDGE|role is 4'],
  ])('keeps an event of %s as a dead letter, whichever way it came', (_, event, detail) => {
    const { rows } = received([bytesOf(newer)(event), textOf(event)]);
    const letter = { topic: 'dead-letters', content: { value: { detail: expect.stringMatching(detail) } } };
    expect(rows).toMatchObject([letter, letter]);
  });
});
