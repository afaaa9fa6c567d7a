import { describe, expect, it } from '@jest/globals';
import type { EventLogUnderTest } from './event-log.contract-under-test.js';
import { OffsetOutOfRangeError, type TopicPartition, type TopicSettings } from './event-log.js';
import { topicNames } from './event-log.contract-values.js';
import { deadlineMs, eventually } from '../testing/eventually.js';

const hourMs = 3_600_000;

/** That topics lose what has outlived its retention, and nothing else. */
export function describeRetention(under: () => EventLogUnderTest): void {
  describe('retention', () => {
    const record = new Uint8Array(10_000).fill(7);
    const topic = async (settings: Partial<TopicSettings>): Promise<TopicPartition> => {
      const name = topicNames.next();
      await under().log.createTopics([{ name, partitions: 1, retentionMs: null, retentionBytes: null, ...settings }]);
      return { topic: name, partition: 0 };
    };
    const appendMany = async (at: TopicPartition, count: number) => {
      for (let n = 0; n < count; n++) await under().log.append(at, [record]);
    };
    const first = async (at: TopicPartition) => (await under().log.bounds(at)).first;
    /** Until what is to be removed has been: a log may do it piece by piece. */
    const trimmed = async (at: TopicPartition) => {
      let before = -1;
      await eventually('old records are removed', async () => {
        await under().enforceRetention();
        const now = await first(at);
        const isDone = now > 0 && now === before;
        before = now;
        return isDone;
      });
    };

    it(
      'by bytes removes the oldest, keeps the newest, and gives no offset twice',
      async () => {
        const at = await topic({ retentionBytes: 200_000 });
        await appendMany(at, 100);
        await trimmed(at);
        const bounds = await under().log.bounds(at);
        expect(bounds.next).toBe(100);
        expect(bounds.next - bounds.first).toBeGreaterThanOrEqual(1);
        const { records } = await under().log.read(at, bounds.first, 1);
        expect(records.map(({ offset }) => offset)).toEqual([bounds.first]);
        expect(await under().log.append(at, [record])).toBe(100);
      },
      deadlineMs,
    );

    it(
      'makes what is gone out of range, and the error says what is left',
      async () => {
        const at = await topic({ retentionBytes: 200_000 });
        await appendMany(at, 100);
        await trimmed(at);
        const gone = under().log.read(at, 0, 10);
        await expect(gone).rejects.toThrow(OffsetOutOfRangeError);
        await expect(gone).rejects.toMatchObject({ asked: 0, bounds: { next: 100 } });
      },
      deadlineMs,
    );

    it(
      'by time removes what is older',
      async () => {
        const at = await topic({ retentionMs: 1 });
        await appendMany(at, 5);
        await trimmed(at);
        expect((await under().log.bounds(at)).next).toBe(5);
      },
      deadlineMs,
    );

    it('keeps what is neither too old nor too much', async () => {
      const [kept, roomy] = [await topic({}), await topic({ retentionMs: hourMs, retentionBytes: 10_000_000 })];
      await appendMany(kept, 30);
      await appendMany(roomy, 30);
      await under().enforceRetention();
      expect(await first(kept)).toBe(0);
      expect(await first(roomy)).toBe(0);
    });
  });
}
