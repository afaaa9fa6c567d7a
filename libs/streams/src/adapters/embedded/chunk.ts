import type { LogRecord } from '../../ports/event-log.js';

/**
 * A chunk is what one commit appended to one partition, as one value of its tree, under its first offset:
 * format (u8), append time (f64), bytes that the partition took in before it (f64), record count (u32), the length of
 * each record (u32), the records. All little-endian.
 */
export interface ChunkHeader {
  readonly appendedAtMs: number;
  /** Sum of the sizes of all chunks that ever preceded this one in its partition. */
  readonly bytesBefore: number;
  readonly count: number;
}

const format = 1;
const headerBytes = 21;

export function encodeChunk(header: Omit<ChunkHeader, 'count'>, records: readonly Uint8Array[]): Buffer {
  const size = records.reduce((sum, record) => sum + 4 + record.length, headerBytes);
  const chunk = Buffer.allocUnsafeSlow(size);
  chunk[0] = format;
  chunk.writeDoubleLE(header.appendedAtMs, 1);
  chunk.writeDoubleLE(header.bytesBefore, 9);
  chunk.writeUInt32LE(records.length, 17);
  let lengthAt = headerBytes;
  let recordAt = headerBytes + 4 * records.length;
  for (const record of records) {
    chunk.writeUInt32LE(record.length, lengthAt);
    chunk.set(record, recordAt);
    lengthAt += 4;
    recordAt += record.length;
  }
  return chunk;
}

export function chunkHeader(chunk: Buffer): ChunkHeader {
  if (chunk[0] !== format) throw new Error(`chunk of the log has format ${chunk[0]}, expected ${format}`);
  return {
    appendedAtMs: chunk.readDoubleLE(1),
    bytesBefore: chunk.readDoubleLE(9),
    count: chunk.readUInt32LE(17),
  };
}

/** Records from `from` on, as views of the chunk. */
export function* chunkRecords(chunk: Buffer, firstOffset: number, from: number): IterableIterator<LogRecord> {
  const { appendedAtMs, count } = chunkHeader(chunk);
  let at = chunk.byteOffset + headerBytes + 4 * count;
  for (let index = 0; index < count; index++) {
    const length = chunk.readUInt32LE(headerBytes + 4 * index);
    if (at + length > chunk.byteOffset + chunk.length) throw new Error('a chunk of the log is cut off');
    const offset = firstOffset + index;
    if (offset >= from) yield { offset, appendedAtMs, value: new Uint8Array(chunk.buffer, at, length) };
    at += length;
  }
}

/** Offsets as keys: 8 bytes, big-endian, so that byte order is offset order. */
export function offsetKey(offset: number): Buffer {
  const key = Buffer.allocUnsafeSlow(8);
  key.writeUInt32BE(Math.floor(offset / 2 ** 32), 0);
  key.writeUInt32BE(offset % 2 ** 32, 4);
  return key;
}

export function keyOffset(key: Buffer): number {
  return key.readUInt32BE(0) * 2 ** 32 + key.readUInt32BE(4);
}
