import { beforeEach, describe, expect, it } from '@jest/globals';
import { codes } from '../connection/kafka-error.js';
import type { KafkaNotice } from '../kafka-notices.js';
import { readBatches } from '../records/stored-batch.js';
import { PartitionAppends } from './partition-appends.js';
import { PendingAppend } from './pending-append.js';
import { sequenceAfter, type ProducerSession, type ProducerSessions } from './producer-session.js';

const at = { topic: 'readings', partition: 3 };

describe('appends to one partition', () => {
  let appends: PartitionAppends;
  let notices: KafkaNotice[];
  let sessions: number;
  beforeEach(() => {
    sessions = 0;
    notices = [];
    let present: ProducerSession | null = null;
    const given = {
      current: async () => (present ??= { producerId: BigInt(++sessions), producerEpoch: 0 }),
      replace: async (refused: ProducerSession) => void (refused === present && (present = null)),
    };
    appends = new PartitionAppends(at, {
      sessions: given as unknown as ProducerSessions,
      compression: 'none',
      maxBatchBytes: 200,
      notices: (notice) => notices.push(notice),
    });
  });

  const add = (...sizes: number[]) => {
    const values = sizes.map((size) => new Uint8Array(size));
    const append = new PendingAppend(values, 'inside', { everyMs: 0, over: () => new Error('late') });
    append.done.catch(() => undefined);
    appends.add(append);
    return append.done;
  };
  const sealed = async () => {
    const bytes = (await appends.seal()) as Buffer;
    const [batch] = readBatches(bytes, []);
    return {
      bytes: Buffer.from(bytes),
      records: (batch?.lastOffset ?? 0) + 1,
      producer: bytes.readBigInt64BE(43),
      sequence: bytes.readInt32BE(53),
    };
  };

  it('go together as far as they fit, and are told where they are', async () => {
    const done = [add(20), add(20, 20), add(20, 20)];
    expect(await sealed()).toMatchObject({ records: 3, sequence: 0 });
    await appends.answered(codes.none, 100);
    expect(await sealed()).toMatchObject({ records: 2, sequence: 3 });
    await appends.answered(codes.none, 107);
    expect(await Promise.all(done)).toEqual([100, 101, 107]);
    expect(await appends.seal()).toBeNull();
  });

  it('are repeated with the same bytes when no answer came', async () => {
    void add(10);
    const first = await sealed();
    appends.unanswered();
    void add(10);
    expect((await sealed()).bytes).toEqual(first.bytes);
  });

  it('go on under a new session when the broker refuses the old one and nothing is in doubt', async () => {
    const done = add(10, 11);
    expect(await sealed()).toMatchObject({ producer: 1n, sequence: 0 });
    expect(await appends.answered(codes.outOfOrderSequence, -1)).toMatchObject({ code: codes.outOfOrderSequence });
    expect(await sealed()).toMatchObject({ producer: 2n, sequence: 0, records: 2 });
    await appends.answered(codes.none, 5);
    expect(await done).toBe(5);
    expect(notices).toMatchObject([{ kind: 'producer-renewed' }]);
  });

  it.each([
    ['no answer came before', async () => appends.unanswered()],
    ['the answer before was that it took too long', async () => void (await appends.answered(codes.timedOut, -1))],
  ])(
    'fail when the broker refuses the session and %s: they may be there, and nothing behind them goes',
    async (_, doubt) => {
      const [first, behind] = [add(150), add(150)];
      await sealed();
      await doubt();
      await sealed();
      expect(await appends.answered(codes.unknownProducer, -1)).toBeNull();
      await expect(first).rejects.toMatchObject({ name: 'AppendInDoubtError' });
      await expect(behind).rejects.toMatchObject({ name: 'EarlierAppendFailedError' });
      const next = add(10);
      expect(await sealed()).toMatchObject({ producer: 2n, sequence: 0, records: 1 });
      await appends.answered(codes.none, 9);
      expect(await next).toBe(9);
    },
  );

  it('keep their session when a leader moves', async () => {
    void add(10);
    const first = await sealed();
    expect(await appends.answered(codes.notLeader, -1)).toMatchObject({ code: codes.notLeader });
    expect((await sealed()).bytes).toEqual(first.bytes);
    expect(await appends.answered(codes.outOfOrderSequence, -1)).toMatchObject({ code: codes.outOfOrderSequence });
    expect((await sealed()).producer).toBe(2n);
  });

  it('are split when the topic takes less at once, in order', async () => {
    const done = [add(40), add(40)];
    expect(await sealed()).toMatchObject({ records: 2 });
    expect(await appends.answered(codes.messageTooLarge, -1)).toBeNull();
    expect(await sealed()).toMatchObject({ records: 1, sequence: 0 });
    await appends.answered(codes.none, 1);
    expect(await sealed()).toMatchObject({ records: 1, sequence: 1 });
    await appends.answered(codes.none, 2);
    expect(await Promise.all(done)).toEqual([1, 2]);
  });

  it('fail for what trying again does not mend, those behind too', async () => {
    const [first, behind] = [add(150), add(150)];
    await sealed();
    expect(await appends.answered(codes.topicAuthorizationFailed, -1)).toBeNull();
    await expect(first).rejects.toMatchObject({ code: codes.topicAuthorizationFailed });
    await expect(behind).rejects.toMatchObject({ name: 'EarlierAppendFailedError' });
    expect(appends.isEmpty).toBe(true);
  });

  it('of a door that gave up before they were sent are not sent', async () => {
    const late = new PendingAppend([new Uint8Array(7)], 'request', { everyMs: 0, over: () => new Error('late') });
    appends.add(late);
    await expect(late.done).rejects.toThrow('late');
    void add(9);
    expect(await sealed()).toMatchObject({ records: 1 });
  });
});

describe('sequences', () => {
  it.each([
    [0, 5, 5],
    [0x7fff_fffe, 1, 0x7fff_ffff],
    [0x7fff_ffff, 1, 0],
    [0x7fff_fffe, 4, 2],
  ])('after %d by %d go on at %d', (sequence, records, next) => {
    expect(sequenceAfter(sequence, records)).toBe(next);
  });
});
