import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ByteSource } from './byte-source.js';
import { writeText } from './columns/dictionary-writer.js';
import { EventSchema, type Event, type Outcome } from './gen/moola/v1/telemetry_pb.js';
import type { EventRow } from './rows.js';

/** Field numbers and wire types of `Event`, `Outcome` and `Timestamp`. */
const eventTag = { id: 0x0a, source: 0x12, outcome: 0x5a } as const;
const outcomeTag = { model: 0x0a, input: 0x12, knownAt: 0x1a, truth: 0x22, value: 0x29, revision: 0x30 } as const;
const timestampTag = { seconds: 0x08, nanos: 0x10 } as const;

/** Reads an event. Outcomes are by far the most: they are read directly, to the same as the general way gives. */
export function readEvent(bytes: Uint8Array): Event {
  return readOutcomeEvent(bytes) ?? fromBinary(EventSchema, bytes);
}

/** An event that lies in a record: it is read when it is asked for, and passed on without. */
export class EventView implements EventRow {
  private read: Event | null = null;

  constructor(readonly bytes: Uint8Array) {}

  get kind(): 'event' {
    return 'event';
  }

  get event(): Event {
    return (this.read ??= readEvent(this.bytes));
  }
}

export function eventBytes(row: EventRow): Uint8Array {
  if (row instanceof EventView) return row.bytes;
  return outcomeEventBytes(row.event) ?? toBinary(EventSchema, row.event);
}

/** The same bytes as the general way gives; `null` for what is not a plain outcome. */
function outcomeEventBytes({ id, source, kind, $unknown }: Event): Uint8Array | null {
  if (kind.case !== 'outcome' || $unknown) return null;
  const { model, input, knownAt, truth, value, revision, prediction, $unknown: more } = kind.value;
  if (prediction || more || knownAt?.$unknown) return null;
  const seconds = Number(knownAt?.seconds ?? 0n);
  const nanos = knownAt?.nanos ?? 0;
  if (!Number.isSafeInteger(seconds) || seconds < 0 || nanos < 0) return null;
  const texts = (id.length + source.length + model.length + input.length + truth.length) * 3;
  const bytes = Buffer.allocUnsafe(texts + 100);
  let at = writeField(bytes, 0, eventTag.id, id);
  at = writeField(bytes, at, eventTag.source, source);
  bytes[at++] = eventTag.outcome;
  // Its length stands before it: five bytes at the most, and what they need not is closed up.
  const begin = at + 5;
  let end = writeField(bytes, begin, outcomeTag.model, model);
  end = writeField(bytes, end, outcomeTag.input, input);
  if (knownAt) {
    bytes[end++] = outcomeTag.knownAt;
    const length = end++;
    end = writeNumber(bytes, end, timestampTag.seconds, seconds);
    end = writeNumber(bytes, end, timestampTag.nanos, nanos);
    bytes[length] = end - length - 1;
  }
  end = writeField(bytes, end, outcomeTag.truth, truth);
  if (value !== undefined) {
    bytes[end++] = outcomeTag.value;
    end = bytes.writeDoubleLE(value, end);
  }
  end = writeNumber(bytes, end, outcomeTag.revision, revision);
  at = writeVarint(bytes, at, end - begin);
  bytes.copyWithin(at, begin, end);
  return bytes.subarray(0, at + end - begin);
}

function writeField(bytes: Buffer, at: number, tag: number, text: string): number {
  if (text === '') return at;
  bytes[at] = tag;
  return writeText(bytes, at + 1, text);
}

function writeNumber(bytes: Buffer, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  bytes[at] = tag;
  return writeVarint(bytes, at + 1, value);
}

function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    bytes[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[at++] = rest;
  return at;
}

/** `null` when there is anything in it that is not a plain outcome. */
function readOutcomeEvent(bytes: Uint8Array): Event | null {
  const source = new ByteSource(bytes);
  const event: Event = { $typeName: 'moola.v1.Event', id: '', source: '', kind: { case: undefined } };
  while (!source.done) {
    switch (source.varint()) {
      case eventTag.id:
        event.id = source.text();
        break;
      case eventTag.source:
        event.source = source.text();
        break;
      case eventTag.outcome: {
        const before = source.enter();
        const value = readOutcome(source);
        if (value === null || event.kind.case !== undefined) return null;
        event.kind = { case: 'outcome', value };
        source.leave(before);
        break;
      }
      default:
        return null;
    }
  }
  return event.kind.case === 'outcome' ? event : null;
}

function readOutcome(source: ByteSource): Outcome | null {
  const outcome: Outcome = { $typeName: 'moola.v1.Outcome', model: '', input: '', truth: '', revision: 0 };
  while (!source.done) {
    switch (source.varint()) {
      case outcomeTag.model:
        outcome.model = source.text();
        break;
      case outcomeTag.input:
        outcome.input = source.text();
        break;
      case outcomeTag.knownAt: {
        const before = source.enter();
        if (outcome.knownAt !== undefined) return null;
        const knownAt = readTimestamp(source);
        if (knownAt === null) return null;
        outcome.knownAt = knownAt;
        source.leave(before);
        break;
      }
      case outcomeTag.truth:
        outcome.truth = source.text();
        break;
      case outcomeTag.value:
        outcome.value = source.double();
        break;
      case outcomeTag.revision:
        outcome.revision = source.varint();
        break;
      default:
        return null;
    }
  }
  return outcome;
}

/** `null` for one before 1970, whose seconds are negative. */
function readTimestamp(source: ByteSource): NonNullable<Outcome['knownAt']> | null {
  let seconds = 0;
  let nanos = 0;
  while (!source.done) {
    switch (source.varint()) {
      case timestampTag.seconds: {
        const read = source.integer();
        if (read === null) return null;
        seconds = read;
        break;
      }
      case timestampTag.nanos:
        nanos = source.varint();
        break;
      default:
        return null;
    }
  }
  return { $typeName: 'google.protobuf.Timestamp', seconds: BigInt(seconds), nanos };
}
