import { describe, expect, it } from '@jest/globals';
import type { Topic } from '@moola/contracts/topic';
import { decodeBatch } from '../processor/batch-codec.js';
import { Outputs } from './outputs.js';
import type { SourcePosition } from '../processor/source-position.js';
import { textTopic } from '../adapters/simulated/text-topic.js';

const topic = textTopic('words');
const source = { processor: 'test/outputs', partition: 0, epoch: 1 };
const topics = [{ name: topic.name, logName: 'moola.test.words.v1', partitions: 2 }];
const limits = { rows: 100, bytes: 1 << 20 };

function begin(entries: ReadonlyMap<string, Uint8Array>): Outputs {
  return new Outputs(source, topics, limits, entries);
}

function send(outputs: Outputs, offset: number, partition: number): void {
  outputs.beginRecord(offset, 0);
  outputs.emit(topic, partition, `${offset}`);
}

/** The positions that the records say were sent before them, by partition. */
function taken(outputs: Outputs): (SourcePosition | null)[][] {
  const previous: (SourcePosition | null)[][] = [[], []];
  outputs.take(1, ({ partition }, record) => previous[partition]?.push(decodeBatch(record, topic.codec).previous));
  return previous;
}

const at = (offset: number) => ({ epoch: 1, offset, ordinal: 0 });

describe('outputs', () => {
  it('name the position before each record, partition by partition', () => {
    const outputs = begin(new Map());
    send(outputs, 1, 0);
    send(outputs, 2, 1);
    send(outputs, 3, 0);
    expect(taken(outputs)).toEqual([[null], [null]]);
    send(outputs, 4, 0);
    expect(taken(outputs)).toEqual([[at(3)], []]);
    send(outputs, 5, 0);
    send(outputs, 6, 1);
    expect(taken(outputs)).toEqual([[at(4)], [at(2)]]);
  });

  it('keep in the checkpoint what has changed, rows that wait for their record included', () => {
    const first = begin(new Map());
    send(first, 1, 0);
    taken(first);
    send(first, 2, 0);
    const entries = new Map<string, Uint8Array>();
    first.takeChanges(entries);
    expect([...entries.keys()]).toEqual(['~sent/words/0']);
    const second = begin(entries);
    const none = new Map<string, Uint8Array>();
    second.takeChanges(none);
    expect(none.size).toBe(0);
    send(second, 3, 0);
    expect(taken(second)).toEqual([[at(2)], []]);
  });

  it('hand over only partitions for which enough rows wait', () => {
    const outputs = begin(new Map());
    for (const offset of [1, 2, 3]) send(outputs, offset, 0);
    send(outputs, 4, 1);
    const counts: number[] = [];
    const take = (minimum: number) =>
      outputs.take(minimum, (_at, record) => counts.push(decodeBatch(record, topic.codec).kinds.length));
    take(4);
    expect(counts).toEqual([]);
    take(3);
    expect(counts).toEqual([3]);
    send(outputs, 5, 1);
    take(2);
    expect(counts).toEqual([3, 2]);
    take(1);
    expect(counts).toEqual([3, 2]);
  });

  it.each([
    [5, 1 << 20],
    [1000, 700],
    [7, 300],
  ])(
    'give the same rows whether they are packed one by one or all at once (%d rows, %d bytes a record)',
    (rows, bytes) => {
      const encode = (words: readonly string[]): Uint8Array => topic.codec.encode(words);
      const packing: Topic<string> = {
        ...topic,
        codec: {
          ...topic.codec,
          packer: () => {
            const words: string[] = [];
            return {
              add: (word) => void words.push(word),
              get bytes() {
                return encode(words).length;
              },
              finish: () => encode(words),
            };
          },
        },
      };
      const sent = (to: Topic<string>) => {
        const outputs = new Outputs(source, topics, { rows, bytes }, new Map());
        const records: Uint8Array[] = [];
        for (let offset = 0; offset < 60; offset++) {
          outputs.beginRecord(offset, 0);
          for (let i = 0; i < offset % 4; i++) outputs.emit(to, 0, `${offset}-${'x'.repeat(offset)}`);
          const tick = { source, position: { offset, ordinal: 0 }, tickMs: offset, kind: 'tick' } as const;
          outputs.beginRow(null);
          if (outputs.applying(tick)) outputs.forward(to, 0);
          if (offset % 11 === 0) outputs.take(1, (_, record) => records.push(record));
        }
        outputs.take(1, (_, record) => records.push(record));
        return records.map((record) => decodeBatch(record, to.codec));
      };
      const [plain, packed] = [sent(topic), sent(packing)];
      const column = (batches: typeof plain, name: 'offsets' | 'ordinals' | 'ticks' | 'kinds' | 'data') =>
        batches.flatMap((batch) => [...batch[name]]);
      for (const name of ['offsets', 'ordinals', 'ticks', 'kinds', 'data'] as const) {
        expect(column(packed, name)).toEqual(column(plain, name));
      }
      expect(Math.max(...packed.map(({ kinds }) => kinds.length))).toBeLessThanOrEqual(rows);
      packed.slice(1).forEach(({ previous }, i) => {
        const before = packed[i];
        expect(previous?.offset).toBe(before?.offsets.at(-1));
        expect(previous?.ordinal).toBe(before?.ordinals.at(-1));
      });
    },
  );
});
