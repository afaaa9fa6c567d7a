import { readRecord, writeRecord } from './columns/dictionary-record.js';
import { DictionaryWriter } from './columns/dictionary-writer.js';
import { packIndexes, readIndexes } from './columns/packed.js';
import { plainPrediction, PredictionsReader, PredictionView } from './columns/predictions-reader.js';
import { PredictionsWriter } from './columns/predictions-writer.js';
import { Parts } from './columns/write-columns.js';
import { eventBytes, EventView } from './event-codec.js';
import type { IntakeRow } from './rows.js';
import type { RowCodec } from './topic.js';

/** Field numbers of `IntakeRows`. */
const field = { kinds: 2, predictions: 3, events: 4 } as const;

/** Rows of `intake`: predictions as columns, other events as messages. */
export const intakeCodec: RowCodec<IntakeRow> = {
  encode(rows) {
    const dictionary = new DictionaryWriter();
    const kinds = new Uint32Array(rows.length);
    let events = 0;
    for (let i = 0; i < rows.length; i++) if (rows[i]?.kind === 'event') events += kinds[i] = 1;
    const predictions = new PredictionsWriter(dictionary, rows.length - events);
    for (const row of rows) if (row.kind === 'prediction') predictions.add(row);
    const parts = new Parts();
    parts.add(field.kinds, packIndexes(kinds));
    parts.addParts(field.predictions, predictions.finish());
    if (events > 0) for (const row of rows) if (row.kind === 'event') parts.addEven(field.events, eventBytes(row));
    return writeRecord(dictionary, parts);
  },
  decode: (bytes) =>
    intakeViews
      .decode(bytes)
      .map((row) => (row.kind === 'prediction' ? plainPrediction(row) : { kind: 'event', event: row.event })),
};

/** The same rows, read as views of the record: for readers of single fields, and for those who pass rows on. */
export const intakeViews: RowCodec<IntakeRow> = {
  encode: (rows) => intakeCodec.encode(rows),
  decode(bytes) {
    const { dictionary, fields } = readRecord(bytes);
    const events = fields.all(field.events);
    const columns = fields.message(field.predictions);
    const predictions = columns && new PredictionsReader(columns, dictionary);
    const predicted = predictions?.length ?? 0;
    const count = predicted + events.length;
    const kinds = readIndexes(fields.bytes(field.kinds), count, 'kinds');
    const rows = new Array<IntakeRow>(count);
    let prediction = 0;
    let event = 0;
    for (let row = 0; row < count; row++) {
      if (kinds[row] === 0 && predictions && prediction < predicted) {
        rows[row] = new PredictionView(predictions, prediction++);
      } else if (kinds[row] !== 0 && event < events.length) {
        rows[row] = new EventView(events[event++] as Uint8Array);
      } else throw new Error(`kinds of an intake record name more rows than it holds (${count})`);
    }
    return rows;
  },
};
