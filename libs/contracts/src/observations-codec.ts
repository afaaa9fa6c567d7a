import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { DictionaryWriter, readDictionary } from './columns/dictionary.js';
import { packLabelled, readLabelled } from './columns/labelled.js';
import { packIndexes, readIndexes } from './columns/packed.js';
import { PredictionsWriter, readPredictions } from './columns/predictions.js';
import { ObservationRowsSchema } from './gen/moola/v1/rows_pb.js';
import type { EventRow, LabelledRow, ObservationRow, PredictionRow, RefusalRow } from './rows.js';
import type { RowCodec } from './topic.js';

/** In the order of `ObservationRows.kinds`. */
const kindNames = ['prediction', 'labelled', 'event', 'refusal'] as const;

/** Rows of `observations`: predictions and labelled predictions as columns, the rest as messages. */
export const observationsCodec: RowCodec<ObservationRow> = {
  encode(rows) {
    const dictionary = new DictionaryWriter();
    const predictions = rows.filter((row): row is PredictionRow => row.kind === 'prediction');
    const labelled = rows.filter((row): row is LabelledRow => row.kind === 'labelled');
    const events = rows.filter((row): row is EventRow => row.kind === 'event');
    const refusals = rows.filter((row): row is RefusalRow => row.kind === 'refusal');
    const predictionColumns = new PredictionsWriter(dictionary, predictions.length);
    for (const row of predictions) predictionColumns.add(row);
    const packed = create(ObservationRowsSchema, {
      kinds: packIndexes(Uint32Array.from(rows, (row) => kindNames.indexOf(row.kind))),
      predictions: predictionColumns.finish(),
      labelled: packLabelled(labelled, dictionary),
      events: events.map((row) => row.event),
      refusals: refusals.map((row) => row.refusal),
    });
    return Buffer.concat([dictionary.finish(), toBinary(ObservationRowsSchema, packed)]);
  },
  decode(bytes) {
    const { strings: leading, end } = readDictionary(bytes);
    const packed = fromBinary(ObservationRowsSchema, bytes.subarray(end));
    const strings = [...leading, ...packed.dictionary];
    const { predictions, labelled } = packed;
    const byKind: ObservationRow[][] = [
      predictions ? readPredictions(predictions, strings, predictions.timesMs.length / 8) : [],
      labelled ? readLabelled(labelled, strings, labelled.knownAtMs.length / 8) : [],
      packed.events.map((event) => ({ kind: 'event', event })),
      packed.refusals.map((refusal) => ({ kind: 'refusal', refusal })),
    ];
    const count = byKind.reduce((sum, rows) => sum + rows.length, 0);
    const kinds = readIndexes(packed.kinds, count, 'kinds');
    const next = [0, 0, 0, 0];
    return Array.from(kinds, (kind) => {
      const row = byKind[kind]?.[(next[kind] as number)++];
      if (!row) throw new Error(`kinds of an observations record name more rows than it holds (${count})`);
      return row;
    });
  },
};
