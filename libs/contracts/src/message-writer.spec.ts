import {
  create,
  fromBinary,
  toBinary,
  type DescField,
  type DescMessage,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ByteSink } from './byte-sink.js';
import { DefinitionSchema } from './gen/moola/v1/definitions_pb.js';
import { IncidentEventSchema, NotificationSchema } from './gen/moola/v1/incidents_pb.js';
import { KpiSchema } from './gen/moola/v1/kpis_pb.js';
import { SignalSchema } from './gen/moola/v1/signals_pb.js';
import { AlertTransitionSchema, SnapshotSchema } from './gen/moola/v1/snapshots_pb.js';
import { EventSchema } from './gen/moola/v1/telemetry_pb.js';
import { mulberry32 } from './mulberry32.js';
import { readMessage } from './message-reader.js';
import { writeMessage } from './message-writer.js';

function seeded(seed: number): (below: number) => number {
  const next = mulberry32(seed);
  return (below) => next() % below;
}

const numbers = [0, -0, 1, 0.1, NaN, Infinity, 1_700_000_000_123];
const texts = ['', 'a', 'größe', '日本', 'x'.repeat(43), 'y'.repeat(200), 'z'.repeat(20_000)];

/** A message with some of its fields set. */
function randomMessage(schema: DescMessage, random: (below: number) => number, depth = 0): Message {
  const message = create(schema) as Message & Record<string, unknown>;
  for (const field of schema.fields) {
    if (random(3) === 0 || (depth > 3 && field.fieldKind === 'message')) continue;
    const value = randomValue(field, random, depth);
    if (value === undefined) continue;
    if (field.oneof) message[field.oneof.localName] = { case: field.localName, value };
    else message[field.localName] = value;
  }
  return message;
}

function randomValue(field: DescField, random: (below: number) => number, depth: number): unknown {
  if (field.fieldKind === 'enum') return field.enum.values[random(field.enum.values.length)]?.number;
  if (field.fieldKind === 'message') return randomMessage(field.message, random, depth + 1);
  if (field.fieldKind === 'list' && field.listKind === 'message') {
    return Array.from({ length: random(4) }, () => randomMessage(field.message, random, depth + 1));
  }
  if (field.fieldKind !== 'scalar') return undefined;
  const zero = (create(field.parent) as unknown as Record<string, unknown>)[field.localName];
  if (typeof zero === 'string') return texts[random(texts.length)];
  if (typeof zero === 'boolean') return random(2) === 1;
  if (typeof zero === 'bigint') return BigInt(random(1e9));
  if (zero instanceof Uint8Array) return Uint8Array.from({ length: random(300) }, () => random(256));
  // Of a number that may be absent nothing tells whether it is whole.
  return typeof zero === 'number' ? [0, 1, 127, 128, 999_999_999][random(5)] : numbers[random(2)];
}

const schemas: readonly DescMessage[] = [
  DefinitionSchema,
  EventSchema,
  IncidentEventSchema,
  KpiSchema,
  NotificationSchema,
  SignalSchema,
  SnapshotSchema,
];

function bytesOf<D extends DescMessage>(schema: D, message: MessageShape<D>): Buffer {
  const sink = new ByteSink();
  writeMessage(schema, message, sink);
  return Buffer.from(sink.finish());
}

/** Jest compares byte by byte, and slowly: it is asked for the difference only. */
function expectSame(given: Buffer, expected: Buffer): void {
  if (!given.equals(expected)) expect(given).toEqual(expected);
}

describe('readMessage', () => {
  it.each(schemas.map((schema) => [schema.name, schema] as const))(
    'gives the message of the general way: %s',
    (_, schema) => {
      const random = seeded(schema.name.length + 1);
      for (let i = 0; i < 150; i++) {
        const bytes = toBinary(schema, randomMessage(schema, random));
        const [read, expected] = [readMessage(schema, bytes), fromBinary(schema, bytes)];
        expect(read).toEqual(expected);
        // Equal for readers that look at which fields are there.
        expect(fieldsOf(read)).toEqual(fieldsOf(expected));
      }
    },
  );

  it('merges what comes in parts, and takes the last of a group', () => {
    const alert = (value: object) =>
      toBinary(SnapshotSchema, create(SnapshotSchema, { kind: { case: 'alert', value } }));
    const counts = toBinary(
      SnapshotSchema,
      create(SnapshotSchema, { kind: { case: 'counts', value: { orphans: 3 } } }),
    );
    const figure = (metric: string) => alert({ figure: { metric } });
    for (const parts of [
      [alert({ rule: 'r' }), alert({ version: 'v' })],
      [figure('a'), alert({ figure: { samples: 2 } })],
      [alert({ rule: 'r' }), counts],
    ]) {
      const bytes = Buffer.concat(parts);
      expect(readMessage(SnapshotSchema, bytes)).toEqual(fromBinary(SnapshotSchema, bytes));
    }
  });

  it('merges a field that comes in parts', () => {
    const figure = (value: object) => toBinary(AlertTransitionSchema, create(AlertTransitionSchema, { figure: value }));
    const bytes = Buffer.concat([figure({ metric: 'a' }), figure({ samples: 2 })]);
    expect(readMessage(AlertTransitionSchema, bytes).figure).toMatchObject({ metric: 'a', samples: 2 });
  });

  it('keeps fields of a later version, and refuses what is cut off', () => {
    const known = toBinary(
      SnapshotSchema,
      create(SnapshotSchema, { model: 'm', kind: { case: 'alert', value: { rule: 'r' } } }),
    );
    // Field 900, which no version has.
    const bytes = Buffer.concat([known, Buffer.of(0xa0, 0x38, 1)]);
    expect(readMessage(SnapshotSchema, bytes)).toEqual(fromBinary(SnapshotSchema, bytes));
    expect(readMessage(SnapshotSchema, bytes).$unknown).toHaveLength(1);
    for (let length = 1; length < known.length; length++) {
      const cut = known.subarray(0, length);
      const general = (() => {
        try {
          return fromBinary(SnapshotSchema, cut);
        } catch {
          return null;
        }
      })();
      if (general === null) expect(() => readMessage(SnapshotSchema, cut)).toThrow();
      else expect(readMessage(SnapshotSchema, cut)).toEqual(general);
    }
  });
});

/** The names of all fields that are there, at any depth. */
function fieldsOf(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return 0;
  if (Array.isArray(message)) return message.map(fieldsOf);
  return Object.fromEntries(
    Object.entries(message)
      .map(([name, value]) => [name, fieldsOf(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

describe('writeMessage', () => {
  it.each(schemas.map((schema) => [schema.name, schema] as const))(
    'gives the bytes of the general way: %s',
    (_, schema) => {
      const random = seeded(schema.name.length);
      for (let i = 0; i < 150; i++) {
        const message = randomMessage(schema, random);
        expectSame(bytesOf(schema, message), Buffer.from(toBinary(schema, message)));
      }
    },
  );

  it('writes every double in every bit, and leaves out zero but not −0', () => {
    for (const predictions of numbers) {
      const message = create(SnapshotSchema, { kind: { case: 'counts', value: { predictions } } });
      expect(bytesOf(SnapshotSchema, message)).toEqual(Buffer.from(toBinary(SnapshotSchema, message)));
    }
  });

  it('keeps fields of a later version, at any depth', () => {
    const message = create(SnapshotSchema, { kind: { case: 'alert', value: { rule: 'r', figure: { metric: 'm' } } } });
    const figure = message.kind.case === 'alert' ? message.kind.value.figure : undefined;
    if (figure) figure.$unknown = [{ no: 900, wireType: 0, data: Uint8Array.of(7) }];
    const bytes = bytesOf(SnapshotSchema, message);
    expect(bytes).toEqual(Buffer.from(toBinary(SnapshotSchema, message)));
    expect(fromBinary(SnapshotSchema, bytes)).toEqual(message);
  });
});
