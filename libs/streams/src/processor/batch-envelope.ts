import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ByteSink, delimitedSize } from '@moola/contracts/byte-sink';
import type { RowSource } from './processor.js';
import type { SourcePosition } from './source-position.js';

/**
 * The message `moola.v1.Batch` as bytes. Written out, since a record may hold one row: read through the message's
 * description it takes five times as long.
 */
export interface BatchEnvelope {
  readonly source: RowSource;
  readonly offsets: Uint8Array;
  readonly ordinals: Uint8Array;
  readonly ticks: Uint8Array;
  readonly kinds: Uint8Array;
  readonly data: Uint8Array;
  readonly definitions: readonly Uint8Array[];
  /** The last position that the writer sent to the partition before; `null`: it knows of none. */
  readonly previous: SourcePosition | null;
}

/** Numbers of the message's fields. */
const field = {
  processor: 1,
  partition: 2,
  epoch: 3,
  offsets: 4,
  ordinals: 5,
  ticks: 6,
  kinds: 7,
  data: 8,
  definitions: 9,
  previousEpoch: 10,
  previousOffset: 11,
  previousOrdinal: 12,
} as const;

const none: Uint8Array = new Uint8Array();
const noDefinitions: readonly Uint8Array[] = [];

/** @throws {Error} when the bytes are no such message. */
export function readEnvelope(bytes: Uint8Array): BatchEnvelope {
  const reader = new BinaryReader(bytes);
  let [processor, partition, epoch] = [none, 0, 0];
  let [offsets, ordinals, ticks, kinds, data] = [none, none, none, none, none];
  let definitions: Uint8Array[] | null = null;
  let [previousEpoch, previousOffset, previousOrdinal] = [0, -1, 0];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const wireType = (tag & 7) as WireType;
    const number = tag >>> 3;
    if (wireType !== wireTypeOf(number)) {
      reader.skip(wireType, number);
      continue;
    }
    switch (number) {
      case field.processor:
        processor = reader.bytes();
        break;
      case field.partition:
        partition = reader.uint32();
        break;
      case field.epoch:
        epoch = reader.uint32();
        break;
      case field.offsets:
        offsets = reader.bytes();
        break;
      case field.ordinals:
        ordinals = reader.bytes();
        break;
      case field.ticks:
        ticks = reader.bytes();
        break;
      case field.kinds:
        kinds = reader.bytes();
        break;
      case field.data:
        data = reader.bytes();
        break;
      case field.definitions:
        (definitions ??= []).push(reader.bytes());
        break;
      case field.previousEpoch:
        previousEpoch = reader.uint32();
        break;
      case field.previousOffset:
        previousOffset = readNumber(bytes, reader);
        break;
      case field.previousOrdinal:
        previousOrdinal = reader.uint32();
        break;
    }
  }
  return {
    source: sourceOf(processor, partition, epoch),
    offsets,
    ordinals,
    ticks,
    kinds,
    data,
    definitions: definitions ?? noDefinitions,
    previous: previousOffset < 0 ? null : { epoch: previousEpoch, offset: previousOffset, ordinal: previousOrdinal },
  };
}

/** The columns are most of a record: they are copied once, to where they stay. */
export function writeEnvelope(envelope: BatchEnvelope): Uint8Array {
  const { definitions, offsets, ordinals, ticks, kinds, data } = envelope;
  const head = headOf(envelope.source);
  const tail = writePrevious(envelope.previous);
  const columns = [
    [field.offsets, offsets],
    [field.ordinals, ordinals],
    [field.ticks, ticks],
    [field.kinds, kinds],
    [field.data, data],
  ] as const;
  let size = head.length + tail.length;
  for (const [, { length }] of columns) if (length > 0) size += delimitedSize(length);
  for (const { length } of definitions) size += delimitedSize(length);
  const sink = new ByteSink(size);
  sink.raw(head);
  for (const [number, column] of columns) if (column.length > 0) sink.delimited(tagOf(number), column);
  for (const definition of definitions) sink.delimited(tagOf(field.definitions), definition);
  sink.raw(tail);
  return sink.finish();
}

function tagOf(number: number): number {
  return number * 8 + WireType.LengthDelimited;
}

/** A task writes under one source: its head is the same in each record. */
const heads = new WeakMap<RowSource, Uint8Array>();

function headOf(source: RowSource): Uint8Array {
  let head = heads.get(source);
  if (head === undefined) {
    head = writeHead(source);
    heads.set(source, head);
  }
  return head;
}

function writeHead({ processor, partition, epoch }: RowSource): Uint8Array {
  const writer = new BinaryWriter();
  if (processor !== '') writer.tag(field.processor, WireType.LengthDelimited).string(processor);
  writeNumber(writer, field.partition, partition);
  writeNumber(writer, field.epoch, epoch);
  return writer.finish();
}

/** Three tags and numbers of 5, 8 and 5 bytes at the most. */
const scratch = new Uint8Array(3 + 5 + 8 + 5);

/** Every record has one, so its numbers are written without a writer and without big integers. */
function writePrevious(previous: SourcePosition | null): Uint8Array {
  if (previous === null) return none;
  let end = writeField(0, field.previousEpoch, previous.epoch);
  scratch[end++] = field.previousOffset * 8 + WireType.Varint;
  end = writeVarint(end, previous.offset);
  return scratch.subarray(0, writeField(end, field.previousOrdinal, previous.ordinal));
}

function writeField(at: number, number: number, value: number): number {
  if (value === 0) return at;
  scratch[at] = number * 8 + WireType.Varint;
  return writeVarint(at + 1, value);
}

function writeVarint(at: number, value: number): number {
  let [end, rest] = [at, value];
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) scratch[end++] = (rest % 0x80) + 0x80;
  scratch[end++] = rest;
  return end;
}

/** A whole number below 2⁵³. */
function readNumber(bytes: Uint8Array, reader: BinaryReader): number {
  let value = 0;
  for (let scale = 1; ; scale *= 0x80) {
    if (reader.pos >= reader.len) throw new RangeError('premature EOF');
    const byte = bytes[reader.pos++] as number;
    value += (byte % 0x80) * scale;
    if (byte < 0x80) return value;
  }
}

function writeNumber(writer: BinaryWriter, number: number, value: number): void {
  if (value !== 0) writer.tag(number, WireType.Varint).uint32(value);
}

function wireTypeOf(number: number): WireType | null {
  switch (number) {
    case field.partition:
    case field.epoch:
    case field.previousEpoch:
    case field.previousOffset:
    case field.previousOrdinal:
      return WireType.Varint;
    default:
      return number <= field.definitions ? WireType.LengthDelimited : null;
  }
}

const text = new TextDecoder();

/** A source that records were read of, and the bytes of its processor's name. */
interface KnownSource {
  readonly processor: Uint8Array;
  readonly source: RowSource;
}

/** The last of them: each is the same object in all of its records. */
const known: KnownSource[] = [];
const mostKnown = 64;
let nextKnown = 0;
let last = 0;

function sourceOf(processor: Uint8Array, partition: number, epoch: number): RowSource {
  // Mostly that of the record before.
  if (isKnown(known[last], processor, partition, epoch)) return (known[last] as KnownSource).source;
  last = known.findIndex((each) => isKnown(each, processor, partition, epoch));
  if (last < 0) {
    last = nextKnown;
    nextKnown = (nextKnown + 1) % mostKnown;
    // Copied: it must not keep a record in memory.
    known[last] = { processor: processor.slice(), source: { processor: text.decode(processor), partition, epoch } };
  }
  return (known[last] as KnownSource).source;
}

function isKnown(each: KnownSource | undefined, processor: Uint8Array, partition: number, epoch: number): boolean {
  if (each === undefined || each.source.partition !== partition || each.source.epoch !== epoch) return false;
  return sameBytes(processor, each.processor);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
