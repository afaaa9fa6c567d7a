import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { DictionaryWriter, readDictionary } from './columns/dictionary.js';
import { packIndexes, readIndexes } from './columns/packed.js';
import { PredictionsWriter, readPredictions } from './columns/predictions.js';
import { IntakeRowsSchema, type IntakeRows } from './gen/moola/v1/rows_pb.js';
import type { Event } from './gen/moola/v1/telemetry_pb.js';
import type { IntakeRow } from './rows.js';
import type { RowCodec } from './topic.js';

/** Rows of `intake`: predictions as columns, other events as messages. */
export const intakeCodec: RowCodec<IntakeRow> = {
  encode(rows) {
    const dictionary = new DictionaryWriter();
    const kinds = Uint32Array.from(rows, (row) => (row.kind === 'prediction' ? 0 : 1));
    const events: Event[] = [];
    const predictions = new PredictionsWriter(dictionary, kinds.filter((kind) => kind === 0).length);
    for (const row of rows) {
      if (row.kind === 'prediction') predictions.add(row);
      else events.push(row.event);
    }
    const packed = create(IntakeRowsSchema, { kinds: packIndexes(kinds), predictions: predictions.finish(), events });
    return Buffer.concat([dictionary.finish(), toBinary(IntakeRowsSchema, packed)]);
  },
  decode(bytes) {
    const { strings, end } = readDictionary(bytes);
    const packed = fromBinary(IntakeRowsSchema, bytes.subarray(end));
    const predictions = predictionsOf(packed, [...strings, ...packed.dictionary]);
    if (packed.events.length === 0) return predictions;
    const count = predictions.length + packed.events.length;
    const kinds = readIndexes(packed.kinds, count, 'kinds');
    let prediction = 0;
    let event = 0;
    return Array.from(kinds, (kind): IntakeRow => {
      const row: IntakeRow | undefined =
        kind === 0
          ? predictions[prediction++]
          : packed.events[event] && { kind: 'event', event: packed.events[event++] as Event };
      if (!row) throw new Error(`kinds of an intake record name more rows than it holds (${count})`);
      return row;
    });
  },
};

function predictionsOf(packed: IntakeRows, strings: readonly string[]): IntakeRow[] {
  if (!packed.predictions) return [];
  return readPredictions(packed.predictions, strings, packed.predictions.timesMs.length / 8);
}
