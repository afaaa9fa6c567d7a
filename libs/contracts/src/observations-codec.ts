import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { readRecord, writeRecord } from './columns/dictionary-record.js';
import { DictionaryWriter } from './columns/dictionary-writer.js';
import { LabelledReader, LabelledView, plainLabelled } from './columns/labelled-reader.js';
import { labelledParts } from './columns/labelled-writer.js';
import { packIndexes, readIndexes } from './columns/packed.js';
import { plainPrediction, PredictionsReader, PredictionView } from './columns/predictions-reader.js';
import { PredictionsWriter } from './columns/predictions-writer.js';
import { Parts } from './columns/write-columns.js';
import { eventBytes, EventView } from './event-codec.js';
import { RefusalSchema } from './gen/moola/v1/rows_pb.js';
import type { EventRow, LabelledRow, ObservationRow, RefusalRow } from './rows.js';
import type { RowCodec } from './topic.js';

/** Field numbers of `ObservationRows`. */
const field = { kinds: 2, predictions: 3, labelled: 4, events: 5, refusals: 6 } as const;
/** In the order of `ObservationRows.kinds`. */
const kindNames = ['prediction', 'labelled', 'event', 'refusal'] as const;

/** Rows of `observations`: predictions and labelled predictions as columns, the rest as messages. */
export const observationsCodec: RowCodec<ObservationRow> = {
  encode(rows) {
    const dictionary = new DictionaryWriter();
    const kinds = new Uint32Array(rows.length);
    let predicted = 0;
    for (let i = 0; i < rows.length; i++) {
      const kind = kindNames.indexOf((rows[i] as ObservationRow).kind);
      kinds[i] = kind;
      if (kind === 0) predicted++;
    }
    const predictions = new PredictionsWriter(dictionary, predicted);
    const labelled: LabelledRow[] = [];
    const events: EventRow[] = [];
    const refusals: RefusalRow[] = [];
    for (const row of rows) {
      if (row.kind === 'prediction') predictions.add(row);
      else if (row.kind === 'labelled') labelled.push(row);
      else if (row.kind === 'event') events.push(row);
      else refusals.push(row);
    }
    const parts = new Parts();
    parts.add(field.kinds, packIndexes(kinds));
    parts.addParts(field.predictions, predictions.finish());
    parts.addParts(field.labelled, labelledParts(labelled, dictionary));
    for (const row of events) parts.addEven(field.events, eventBytes(row));
    for (const { refusal } of refusals) parts.addEven(field.refusals, toBinary(RefusalSchema, refusal));
    return writeRecord(dictionary, parts);
  },
  decode: (bytes) => observationViews.decode(bytes).map(plain),
};

/** The same rows, read as views of the record: for readers of single fields, and for those who pass rows on. */
export const observationViews: RowCodec<ObservationRow> = {
  encode: (rows) => observationsCodec.encode(rows),
  decode(bytes) {
    const { dictionary, fields } = readRecord(bytes);
    const predictionColumns = fields.message(field.predictions);
    const predictions = predictionColumns && new PredictionsReader(predictionColumns, dictionary);
    const labelledColumns = fields.message(field.labelled);
    const labelled = labelledColumns && new LabelledReader(labelledColumns, dictionary);
    const events = fields.all(field.events);
    const refusals = fields.all(field.refusals);
    const lengths = [predictions?.length ?? 0, labelled?.length ?? 0, events.length, refusals.length];
    const count = lengths.reduce((sum, length) => sum + length, 0);
    const kinds = readIndexes(fields.bytes(field.kinds), count, 'kinds');
    const next = [0, 0, 0, 0];
    const rows = new Array<ObservationRow>(count);
    for (let row = 0; row < count; row++) {
      const kind = kinds[row] as number;
      const at = next[kind] ?? 0;
      if (at >= (lengths[kind] ?? 0)) {
        throw new Error(`kinds of an observations record name more rows than it holds (${count})`);
      }
      next[kind] = at + 1;
      if (kind === 0) rows[row] = new PredictionView(predictions as PredictionsReader, at);
      else if (kind === 1) rows[row] = new LabelledView(labelled as LabelledReader, at);
      else if (kind === 2) rows[row] = new EventView(events[at] as Uint8Array);
      else rows[row] = { kind: 'refusal', refusal: fromBinary(RefusalSchema, refusals[at] as Uint8Array) };
    }
    return rows;
  },
};

function plain(row: ObservationRow): ObservationRow {
  switch (row.kind) {
    case 'prediction':
      return plainPrediction(row);
    case 'labelled':
      return plainLabelled(row);
    case 'event':
      return { kind: 'event', event: row.event };
    case 'refusal':
      return row;
  }
}
