import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { BatchSchema } from '@moola/contracts/gen/moola/v1/batch_pb';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { decodeBatch, encodeBatches, externalBatch, RowColumns } from './batch-codec.js';
import { textTopic } from '../adapters/simulated/text-topic.js';

const topic = textTopic('letters');
const source = { processor: 'a/b', partition: 3, epoch: 2 };

function rows(count: number): RowColumns<string> {
  const columns = new RowColumns<string>();
  for (let i = 0; i < count; i++) {
    const offset = 2 ** 40 + Math.floor(i / 3);
    if (i % 5 === 3) columns.addTick(offset, i % 3, 1e12 + i);
    else if (i % 5 === 4) columns.addDefinition(offset, i % 3, 1e12 + i, create(DefinitionSchema, { version: i }));
    else columns.addData(offset, i % 3, 1e12 + i, `row ${i}`);
  }
  return columns;
}

describe('batch codec', () => {
  it('gives back what was packed', () => {
    const columns = rows(17);
    const [record] = encodeBatches(source, columns, topic.codec);
    const batch = decodeBatch(record as Uint8Array, topic.codec);
    expect(batch.source).toEqual(source);
    expect([...batch.offsets]).toEqual([...columns.offsets.subarray(0, columns.length)]);
    expect([...batch.ordinals]).toEqual([...columns.ordinals.subarray(0, columns.length)]);
    expect([...batch.ticks]).toEqual([...columns.ticks.subarray(0, columns.length)]);
    expect([...batch.kinds]).toEqual([...columns.kinds.subarray(0, columns.length)]);
    expect(batch.data).toEqual(columns.data);
    expect(batch.definitions).toEqual(columns.definitions);
  });

  it.each([
    { rows: 4, bytes: 1 << 20 },
    { rows: 100, bytes: 150 },
    { rows: 100, bytes: 1 },
  ])('splits between rows and keeps their order: at most $rows rows, $bytes bytes', (limits) => {
    const columns = rows(23);
    const records = encodeBatches(source, columns, topic.codec, limits);
    const batches = records.map((record) => decodeBatch(record, topic.codec));
    expect(records.length).toBeGreaterThan(4);
    expect(batches.flatMap((batch) => [...batch.ticks])).toEqual([...columns.ticks.subarray(0, columns.length)]);
    expect(batches.flatMap((batch) => [...batch.kinds])).toEqual([...columns.kinds.subarray(0, columns.length)]);
    expect(batches.flatMap((batch) => batch.data)).toEqual(columns.data);
    for (const batch of batches) expect(batch.kinds.length).toBeLessThanOrEqual(limits.rows);
    for (const record of records) {
      expect(record.length <= limits.bytes || decodeBatch(record, topic.codec).kinds.length === 1).toBe(true);
    }
  });

  it('packs rows without position, and leaves out columns of zeros', () => {
    const [record] = externalBatch(topic, [
      { kind: 'data', value: 'x' },
      { kind: 'tick', tickMs: 7 },
    ]);
    const batch = decodeBatch(record as Uint8Array, topic.codec);
    expect(batch.source.processor).toBe('');
    expect([...batch.offsets]).toEqual([0, 0]);
    expect([...batch.ticks]).toEqual([0, 7]);
    expect(externalBatch(topic, [])).toEqual([]);
    expect((externalBatch(topic, [{ kind: 'data', value: 'x' }])[0] as Uint8Array).length).toBeLessThan(12);
  });

  it('refuses columns that do not agree', () => {
    const [record] = encodeBatches(source, rows(3), topic.codec);
    const cut = Uint8Array.from(record as Uint8Array);
    expect(() => decodeBatch(cut.subarray(0, cut.length - 9), topic.codec)).toThrow();
  });

  it('says in each record which position was sent before it', () => {
    const columns = rows(7);
    const before = { epoch: 1, offset: 2 ** 39, ordinal: 7 };
    const records = encodeBatches(source, columns, topic.codec, { rows: 3, bytes: 1 << 20 }, before);
    const previous = records.map((record) => decodeBatch(record, topic.codec).previous);
    const at = (row: number) => ({ epoch: 2, offset: columns.offsets[row], ordinal: columns.ordinals[row] });
    expect(previous).toEqual([before, at(2), at(5)]);
    const [first] = encodeBatches(source, columns, topic.codec);
    expect(decodeBatch(first as Uint8Array, topic.codec).previous).toBeNull();
    expect(encodeBatches(source, columns, topic.codec, undefined, before)[0]).toHaveLength((first?.length ?? 0) + 11);
    expect(
      externalBatch(
        topic,
        Array.from({ length: 4 }, () => ({ kind: 'tick', tickMs: 7 })),
        { rows: 1, bytes: 9 },
      ),
    ).toHaveLength(4);
  });

  it('writes and reads the message of the contract', () => {
    const before = { epoch: 1, offset: 2 ** 39, ordinal: 7 };
    const [record] = encodeBatches(source, rows(5), topic.codec, undefined, before);
    const message = fromBinary(BatchSchema, record as Uint8Array);
    expect(message).toMatchObject({ processor: 'a/b', partition: 3, epoch: 2, definitions: { length: 1 } });
    expect([message.previousEpoch, message.previousOffset, message.previousOrdinal]).toEqual([1, 2n ** 39n, 7]);
    expect(toBinary(BatchSchema, message)).toEqual(record);
    // A field that this version does not know: of a wire type that it knows by its number, and of another.
    const later = Buffer.concat([record as Uint8Array, Uint8Array.of(0x7a, 1, 65), Uint8Array.of(0x08, 5)]);
    expect(decodeBatch(later, topic.codec)).toEqual(decodeBatch(record as Uint8Array, topic.codec));
    expect(() => decodeBatch(later.subarray(0, later.length - 3), topic.codec)).toThrow();
  });
});
