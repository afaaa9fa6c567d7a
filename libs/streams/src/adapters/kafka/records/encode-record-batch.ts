import type { KafkaCompression } from '../kafka-settings.js';
import { codecNumbers, compress } from './compression.js';
import { crc32c } from './crc32c.js';

/** Who writes, and the number of the first record among those that it wrote to this partition (KIP-98). */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** Bytes of a record batch before its records (https://kafka.apache.org/documentation/#recordbatch). */
export const headerBytes = 61;

/** The most that a record costs beside its value: lengths, deltas, no key, no headers. */
export const recordOverheadBytes = 20;

/** A record batch (version 2) of values without keys and headers. */
export async function encodeRecordBatch(
  values: readonly Uint8Array[],
  stamp: ProducerStamp,
  compression: KafkaCompression,
  nowMs: number,
): Promise<Buffer> {
  const records = encodeRecords(values);
  const body = compression === 'none' ? records : await compress(records.subarray(headerBytes), compression);
  // Not compressed, the records lie behind the room for the header already.
  const batch = compression === 'none' ? records : Buffer.concat([Buffer.alloc(headerBytes), body]);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(codecNumbers[compression], 21);
  batch.writeInt32BE(values.length - 1, 23);
  batch.writeBigInt64BE(BigInt(nowMs), 27);
  batch.writeBigInt64BE(BigInt(nowMs), 35);
  batch.writeBigInt64BE(stamp.producerId, 43);
  batch.writeInt16BE(stamp.producerEpoch, 51);
  batch.writeInt32BE(stamp.sequence, 53);
  batch.writeInt32BE(values.length, 57);
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
}

/** The records, behind room for the header. */
function encodeRecords(values: readonly Uint8Array[]): Buffer {
  let size = headerBytes;
  values.forEach((value, index) => {
    const length = recordLength(value, index);
    size += varintSize(length) + length;
  });
  const buffer = Buffer.allocUnsafe(size);
  let at = headerBytes;
  values.forEach((value, index) => {
    at = writeVarint(buffer, at, recordLength(value, index));
    buffer[at++] = 0; // Attributes.
    buffer[at++] = 0; // Milliseconds after the batch's first.
    at = writeVarint(buffer, at, index);
    buffer[at++] = 1; // -1: no key.
    at = writeVarint(buffer, at, value.length);
    buffer.set(value, at);
    at += value.length;
    buffer[at++] = 0; // No headers.
  });
  return buffer;
}

function recordLength(value: Uint8Array, index: number): number {
  return 4 + varintSize(index) + varintSize(value.length) + value.length;
}

/** Of a number that is not negative, in zigzag encoding. */
function varintSize(value: number): number {
  let size = 1;
  for (let rest = value * 2; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value * 2;
  for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[at++] = (rest & 127) | 128;
  buffer[at++] = rest;
  return at;
}
