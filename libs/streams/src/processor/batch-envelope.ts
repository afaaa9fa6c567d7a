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
        previousOffset = Number(reader.uint64());
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
  const head = writeHead(envelope.source);
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

function writeHead({ processor, partition, epoch }: RowSource): Uint8Array {
  const writer = new BinaryWriter();
  if (processor !== '') writer.tag(field.processor, WireType.LengthDelimited).string(processor);
  writeNumber(writer, field.partition, partition);
  writeNumber(writer, field.epoch, epoch);
  return writer.finish();
}

function writePrevious(previous: SourcePosition | null): Uint8Array {
  if (previous === null) return none;
  const writer = new BinaryWriter();
  writeNumber(writer, field.previousEpoch, previous.epoch);
  writer.tag(field.previousOffset, WireType.Varint).uint64(previous.offset);
  writeNumber(writer, field.previousOrdinal, previous.ordinal);
  return writer.finish();
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
let lastProcessor: Uint8Array = none;
let lastSource: RowSource = { processor: '', partition: 0, epoch: 0 };

/** Records of one source come one after the other: the same object for all of them. */
function sourceOf(processor: Uint8Array, partition: number, epoch: number): RowSource {
  const known = sameBytes(processor, lastProcessor);
  if (known && lastSource.partition === partition && lastSource.epoch === epoch) return lastSource;
  lastSource = { processor: known ? lastSource.processor : text.decode(processor), partition, epoch };
  // Copied: it must not keep a record in memory.
  if (!known) lastProcessor = processor.slice();
  return lastSource;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
