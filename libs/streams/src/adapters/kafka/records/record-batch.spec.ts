import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import type { LogRecord } from '../../../ports/event-log.js';
import { BatchQueue, LogGapError } from './batch-queue.js';
import { crc32c } from './crc32c.js';
import { encodeRecordBatch } from './encode-record-batch.js';
import { readBatches, readRecords } from './stored-batch.js';

const require = createRequire(import.meta.url);
const at = { topic: 'readings', partition: 3 };
const stamp = { producerId: 77n, producerEpoch: 2, sequence: 5 };

async function batch(
  firstOffset: number,
  values: Uint8Array[],
  compression: 'none' | 'gzip' = 'none',
): Promise<Buffer> {
  const bytes = await encodeRecordBatch(values, stamp, compression, 1_700_000_000_123);
  bytes.writeBigInt64BE(BigInt(firstOffset), 0);
  return bytes;
}

function recordsOf(bytes: Buffer, from = 0): LogRecord[] {
  const records: LogRecord[] = [];
  for (const stored of readBatches(bytes, [])) readRecords(stored, from, records);
  return records;
}

const values = [0, 1, 63, 64, 127, 128, 8191, 8192, 70_000].map((size) => new Uint8Array(size).fill(size % 251));

describe('a record batch', () => {
  it.each(['none', 'gzip'] as const)('is read as it was written (compression %s)', async (compression) => {
    const records = recordsOf(await batch(2 ** 40, values, compression));
    expect(records.map(({ offset }) => offset)).toEqual(values.map((_, index) => 2 ** 40 + index));
    records.forEach(({ value, appendedAtMs, headers }, index) => {
      expect(Buffer.compare(value, values[index] as Uint8Array)).toBe(0);
      expect(appendedAtMs).toBe(1_700_000_000_123);
      expect(headers).toBeUndefined();
    });
  });

  it('is read by kafkajs too, the checksum by a second implementation', async () => {
    const bytes = await batch(0, values);
    const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
    const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{
      records: { value: Buffer }[];
      producerId: string;
      firstSequence: number;
    }>;
    const checksum = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;
    const decoded = await decode(new Decoder(bytes));
    expect(decoded).toMatchObject({ producerId: '77', firstSequence: 5 });
    expect(decoded.records.map(({ value }) => value.length)).toEqual(values.map(({ length }) => length));
    expect(bytes.readUInt32BE(17)).toBe(checksum(bytes.subarray(21)));
  });

  it('that is cut off is left out', async () => {
    const bytes = Buffer.concat([await batch(0, values.slice(0, 3)), (await batch(3, values)).subarray(0, 100)]);
    expect(recordsOf(bytes)).toHaveLength(3);
  });

  it('is read from an offset in its middle on', async () => {
    expect(recordsOf(await batch(10, values), 16).map(({ offset }) => offset)).toEqual([16, 17, 18]);
  });
});

describe('the checksum', () => {
  // RFC 3720, appendix B.4.
  it.each([
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['ascending bytes', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ['descending bytes', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ])('of %s is that of the standard', (_title, bytes, expected) => {
    expect(crc32c(bytes, 0, bytes.length)).toBe(expected);
  });
});

describe('the queue of a partition', () => {
  const queue = (from: number) => {
    const made = new BatchQueue(at);
    made.reset(from);
    return made;
  };
  const offsets = (records: readonly LogRecord[]) => records.map(({ offset }) => offset);
  const some = (count: number) => Array.from({ length: count }, () => new Uint8Array(10));

  it('begins exactly where it was asked to, also within a batch', async () => {
    const waiting = queue(12);
    waiting.add(readBatches(await batch(10, some(5)), []));
    expect(waiting.fetchFrom).toBe(15);
    expect(offsets(waiting.take(1))).toEqual([12, 13, 14]);
    expect(waiting).toMatchObject({ isEmpty: true, bytes: 0, next: 15 });
  });

  it('gathers batches up to the bytes asked for, one at least', async () => {
    const waiting = queue(0);
    for (const first of [0, 2, 4]) waiting.add(readBatches(await batch(first, some(2)), []));
    expect(offsets(waiting.take(1))).toEqual([0, 1]);
    expect(offsets(waiting.take(1e6))).toEqual([2, 3, 4, 5]);
  });

  it('drops what it has already', async () => {
    const waiting = queue(4);
    waiting.add(readBatches(Buffer.concat([await batch(0, some(4)), await batch(4, some(2))]), []));
    expect(offsets(waiting.take(1e6))).toEqual([4, 5]);
  });

  it.each([[7], [5]])('stops at a gap, naming what was expected and what was found', async (found) => {
    const waiting = queue(4);
    const batches = readBatches(await batch(found, some(2)), []);
    expect(() => waiting.add(batches)).toThrow(LogGapError);
    expect(() => waiting.add(batches)).toThrow(`readings/3: expected offset 4, found ${found}`);
  });

  it('stops at a batch that lacks records in its middle, as compaction leaves it', async () => {
    const bytes = await batch(0, some(3));
    bytes.writeInt32BE(9, 23); // It says that it goes up to offset 9.
    const waiting = queue(0);
    waiting.add(readBatches(bytes, []));
    expect(() => waiting.take(1e6)).toThrow(LogGapError);
  });

  it('shows records that stay', async () => {
    const waiting = queue(0);
    waiting.add(readBatches(Buffer.concat([await batch(0, some(4)), await batch(4, some(4))]), []));
    expect(offsets(waiting.peek(2, 25))).toEqual([2, 3]);
    expect(offsets(waiting.peek(2, 1e6))).toEqual([2, 3, 4, 5, 6, 7]);
    expect(offsets(waiting.peek(5, 1))).toEqual([5]);
    expect(waiting.holds(3)).toBe(false);
  });
});
