import { beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { LogRecord } from '../../../ports/event-log.js';
import { encodeRecordBatch } from '../records/encode-record-batch.js';
import { readBatches, type StoredBatch } from '../records/stored-batch.js';
import { HeldPartition } from './held-partition.js';

const at = { topic: 'readings', partition: 3 };

/** A batch of one record, of a thousand bytes. */
async function batch(offset: number): Promise<StoredBatch[]> {
  const stamp = { producerId: -1n, producerEpoch: -1, sequence: -1 };
  const bytes = await encodeRecordBatch([new Uint8Array(1_000 - 70)], stamp, 'none', 0);
  bytes.writeBigInt64BE(BigInt(offset), 0);
  return readBatches(bytes, []);
}

describe('a partition that a member holds', () => {
  let handled: number[];
  let letGoOn: () => void;
  let isStanding: boolean;
  let confirm: () => void;
  let held: HeldPartition;
  let assignments: number;
  beforeEach(async () => {
    handled = [];
    isStanding = true;
    assignments = 0;
    letGoOn = confirm = () => undefined;
    held = new HeldPartition({
      at,
      member: {
        assigned: async () => {
          assignments++;
          return 5;
        },
        batch: async ({ records }: { records: readonly LogRecord[] }) => {
          handled.push(...records.map(({ offset }) => offset));
          await new Promise<void>((resolve) => (letGoOn = resolve));
        },
        revoked: async () => undefined,
      },
      standing: {
        get isStanding() {
          return isStanding;
        },
        confirmed: () => new Promise<void>((resolve) => (confirm = resolve)),
      },
      batchBytes: 1,
      queueBytes: () => 4_000,
      wakeFetching: () => undefined,
      bounds: async () => ({ first: 8, next: 9 }),
      commit: () => undefined,
      committed: async () => null,
    });
    held.work.catch(() => undefined);
    await setImmediate();
  });

  const receive = async (...offsets: number[]) => {
    for (const offset of offsets) held.received(offset, await batch(offset));
    await setImmediate();
  };

  it('is read ahead as far as there is room, and again when half of it is free', async () => {
    expect(held.wanted()).toEqual({ offset: 5, maxBytes: 4_000 });
    await receive(5, 6, 7);
    expect(handled).toEqual([5]);
    expect(held.wanted()).toEqual({ offset: 8, maxBytes: 2_000 });
    await receive(8);
    expect(held.wanted()).toBeNull();
    letGoOn();
    await setImmediate();
    expect(handled).toEqual([5, 6]);
    expect(held.wanted()).toEqual({ offset: 9, maxBytes: 2_000 });
  });

  it('takes no answer to a question of before', async () => {
    held.received(4, await batch(4));
    held.received(6, await batch(6));
    await setImmediate();
    expect(handled).toEqual([]);
  });

  it('hands over nothing to a member that was not heard for its session, until a heartbeat has succeeded', async () => {
    isStanding = false;
    await receive(5);
    expect(handled).toEqual([]);
    isStanding = true;
    confirm();
    await setImmediate();
    expect(handled).toEqual([5]);
  });

  it('is assigned again, after a heartbeat, when its member has dropped its memory', async () => {
    await receive(5, 6);
    held.again();
    letGoOn();
    await setImmediate();
    expect([assignments, handled]).toEqual([1, [5]]);
    expect(held.wanted()).toBeNull();
    confirm();
    await setImmediate();
    expect(assignments).toBe(2);
    expect(held.wanted()).toEqual({ offset: 5, maxBytes: 4_000 });
  });

  it('is let go without that heartbeat', async () => {
    held.again();
    await setImmediate();
    await held.release();
    expect(assignments).toBe(1);
  });

  it('fails when the log does not hold its offset', async () => {
    held.outOfRange(5);
    await expect(held.work).rejects.toMatchObject({ name: 'OffsetOutOfRangeError', asked: 5 });
  });

  it('fails at a gap', async () => {
    expect(() => held.received(5, [{ firstOffset: 7, lastOffset: 7, bytes: Buffer.alloc(61), isVoid: true }])).toThrow(
      'expected offset 5, found 7',
    );
  });
});
