import { describe, expect, it } from '@jest/globals';
import { encodeBatches, externalBatch, RowColumns } from './batch-codec.js';
import { NewRows } from './new-rows.js';
import type { RowSource } from './processor.js';
import { textTopic } from './simulated/text-topic.js';

const topic = textTopic('words');

function record(source: RowSource, rows: readonly (readonly [number, string])[]): Uint8Array {
  const columns = new RowColumns<string>();
  for (const [offset, word] of rows) columns.addData(offset, 0, 0, word);
  return encodeBatches(source, columns, topic.codec)[0] as Uint8Array;
}

describe('new rows', () => {
  const tracker = { processor: 'tracker', partition: 0, epoch: 0 };

  it('are those that no earlier record held, at whatever boundaries they were computed again', () => {
    const words: string[] = [];
    const rows = new NewRows(topic.codec, { data: (word, _source, index) => words.push(`${word}@${index}`) });
    rows.take(
      record(tracker, [
        [1, 'a'],
        [2, 'b'],
      ]),
    );
    rows.take(record({ ...tracker, partition: 1 }, [[1, 'other']]));
    rows.take(
      record(tracker, [
        [2, 'b'],
        [3, 'c'],
      ]),
    );
    rows.take(record(tracker, [[1, 'a']]));
    expect(words).toEqual(['a@0', 'b@1', 'other@0', 'c@1']);
  });

  it('of a writer without positions are all new', () => {
    const words: string[] = [];
    const rows = new NewRows(topic.codec, { data: (word) => words.push(word) });
    for (let i = 0; i < 2; i++) rows.take(externalBatch(topic, [{ kind: 'data', value: 'ack' }])[0] as Uint8Array);
    expect(words).toEqual(['ack', 'ack']);
  });
});
