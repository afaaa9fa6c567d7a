import { describe, expect, it } from '@jest/globals';
import { encodeBatches, externalBatch, RowColumns } from '../processor/batch-codec.js';
import { NewRows, type ReadFrom } from './new-rows.js';
import type { MissingRows } from './seen-positions.js';
import type { RowSource } from '../processor/processor.js';
import { textTopic } from '../adapters/simulated/text-topic.js';

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

  it('are told apart from rows that the log has lost', () => {
    const record = (offset: number, previous: number | null): Uint8Array => {
      const columns = new RowColumns<string>();
      columns.addData(offset, 0, 0, `${offset}`);
      const before = previous === null ? null : { epoch: 0, offset: previous, ordinal: 0 };
      return encodeBatches(tracker, columns, topic.codec, undefined, before)[0] as Uint8Array;
    };
    const missingIn = (from: ReadFrom, ...records: Uint8Array[]): string[] => {
      const gaps: string[] = [];
      const reader = {
        missing: ({ after, until }: MissingRows) => void gaps.push(`${after?.offset ?? 'none'} to ${until.offset}`),
      };
      const rows = new NewRows(topic.codec, reader, from);
      for (const each of records) rows.take(each);
      return gaps;
    };
    const [one, two, three, five] = [record(1, null), record(2, 1), record(3, 2), record(5, 4)] as const;
    expect(missingIn('the first record ever', one, two, one, two, three, two)).toEqual([]);
    expect(missingIn('the first record ever', one, three, two, five, five)).toEqual(['1 to 2', '3 to 4']);
    expect(missingIn('the first record ever', two, three)).toEqual(['none to 1']);
    expect(missingIn('somewhere later', two, three)).toEqual([]);
  });
});
