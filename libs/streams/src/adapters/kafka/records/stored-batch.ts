import type { LogRecord } from '../../../ports/event-log.js';
import { decompress } from './compression.js';

/** A record batch as the broker stores it: a run of offsets without gaps. Its records are read when they are needed. */
export interface StoredBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** From its header on. */
  readonly bytes: Buffer;
  /**
   * It holds nothing that was said: the mark at the end of a foreign producer's transaction, or records of one that was
   * taken back. It has offsets all the same, so its records are shown, without content.
   */
  readonly isVoid: boolean;
}

/** Where a transaction that was taken back begins. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

const lengthBytes = 12;
const headerBytes = 61;
const codecMask = 0x7;
const appendTimeFlag = 0x8;
const transactionFlag = 0x10;
const controlFlag = 0x20;
const nothing = new Uint8Array(0);

/** Finds the record batches in an answer; the last may be cut off and is then left out. */
export function readBatches(bytes: Buffer, aborted: readonly AbortedTransaction[]): StoredBatch[] {
  const batches: StoredBatch[] = [];
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const under = new Set<bigint>();
  for (let at = 0; at + headerBytes <= bytes.length;) {
    const end = at + lengthBytes + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    const magic = bytes.readInt8(at + 16);
    if (magic !== 2)
      throw new Error(`record batches of format ${magic} cannot be read: the topic was written before Kafka 0.11`);
    const firstOffset = readOffset(bytes, at);
    const lastOffset = firstOffset + bytes.readInt32BE(at + 23);
    const attributes = bytes.readInt16BE(at + 21);
    let isVoid = (attributes & controlFlag) !== 0;
    if ((attributes & transactionFlag) !== 0) {
      while (waiting[0] && waiting[0].firstOffset <= lastOffset)
        under.add((waiting.shift() as AbortedTransaction).producerId);
      const producer = bytes.readBigInt64BE(at + 43);
      if (isVoid) under.delete(producer);
      else isVoid = under.has(producer);
    }
    batches.push({ firstOffset, lastOffset, bytes: bytes.subarray(at, end), isVoid });
    at = end;
  }
  return batches;
}

/**
 * Adds the records of a batch from an offset on.
 * @throws {UnsupportedCompressionError}
 */
export function readRecords(batch: StoredBatch, from: number, records: LogRecord[]): void {
  const { bytes, firstOffset, lastOffset } = batch;
  const attributes = bytes.readInt16BE(21);
  const firstMs = Number(bytes.readBigInt64BE(27));
  const lastMs = Number(bytes.readBigInt64BE(35));
  if (batch.isVoid) {
    for (let offset = Math.max(from, firstOffset); offset <= lastOffset; offset++) {
      records.push({ offset, appendedAtMs: lastMs, value: nothing, isVoid: true });
    }
    return;
  }
  const codec = attributes & codecMask;
  const stored = bytes.subarray(headerBytes);
  const reader = new RecordReader(codec === 0 ? stored : decompress(stored, codec));
  const sameTime = (attributes & appendTimeFlag) !== 0 || firstMs === lastMs;
  for (let left = bytes.readInt32BE(57); left > 0; left--)
    reader.read(firstOffset, from, firstMs, sameTime, lastMs, records);
}

/** Big-endian signed 64 bits, as a number. */
export function readOffset(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

class RecordReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(
    firstOffset: number,
    from: number,
    firstMs: number,
    sameTime: boolean,
    lastMs: number,
    records: LogRecord[],
  ): void {
    const length = this.varint();
    const end = this.at + length;
    this.at++; // Attributes: none are defined.
    const timeDelta = this.varint();
    const offset = firstOffset + this.varint();
    if (offset >= from) {
      const key = this.varint();
      if (key > 0) this.at += key;
      const size = this.varint();
      const value = size > 0 ? this.bytes.subarray(this.at, this.at + size) : nothing;
      if (size > 0) this.at += size;
      const appendedAtMs = sameTime ? lastMs : firstMs + timeDelta;
      // Mostly none: 0 in one byte at the end.
      if (end - this.at === 1) records.push({ offset, appendedAtMs, value });
      else records.push({ offset, appendedAtMs, value, headers: this.headers() });
    }
    this.at = end;
  }

  private headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    for (let left = this.varint(); left > 0; left--) {
      const key = this.text(this.varint());
      headers[key] = this.text(this.varint());
    }
    return headers;
  }

  private text(size: number): string {
    if (size <= 0) return '';
    const text = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at, size).toString('utf8');
    this.at += size;
    return text;
  }

  /** Zigzag; exact up to 2^53. */
  private varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] as number;
    if (byte < 128) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 127;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = bytes[this.at++] as number;
      value += (byte & 127) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
