import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ByteSink } from './byte-sink.js';
import { DictionaryReader, leadingDictionary } from './columns/dictionary-reader.js';
import { DictionaryWriter } from './columns/dictionary-writer.js';
import { delimitedFields, merged } from './columns/fields.js';
import { LabelledReader, LabelledView, plainLabelled } from './columns/labelled-reader.js';
import { packLabelled } from './columns/labelled-writer.js';
import { packIndexes, readIndexes } from './columns/packed.js';
import { plainPrediction, PredictionsReader, PredictionView } from './columns/predictions-reader.js';
import { PredictionsWriter } from './columns/predictions-writer.js';
import { eventBytes, EventView } from './event-codec.js';
import { LabelledColumnsSchema, PredictionColumnsSchema, RefusalSchema } from './gen/moola/v1/rows_pb.js';
import type { EventRow, LabelledRow, ObservationRow, RefusalRow } from './rows.js';
import type { RowCodec } from './topic.js';

/** Field numbers of `ObservationRows`. */
const field = { dictionary: 1, kinds: 2, predictions: 3, labelled: 4, events: 5, refusals: 6 } as const;
const tag = { kinds: 0x12, predictions: 0x1a, labelled: 0x22, events: 0x2a, refusals: 0x32 } as const;
/** In the order of `ObservationRows.kinds`. */
const kindNames = ['prediction', 'labelled', 'event', 'refusal'] as const;

/** Rows of `observations`: predictions and labelled predictions as columns, the rest as messages. */
export const observationsCodec: RowCodec<ObservationRow> = {
  encode(rows) {
    const dictionary = new DictionaryWriter();
    const kinds = Uint32Array.from(rows, (row) => kindNames.indexOf(row.kind));
    const predictions = new PredictionsWriter(dictionary, kinds.filter((kind) => kind === 0).length);
    const labelled: LabelledRow[] = [];
    const events: EventRow[] = [];
    const refusals: RefusalRow[] = [];
    for (const row of rows) {
      if (row.kind === 'prediction') predictions.add(row);
      else if (row.kind === 'labelled') labelled.push(row);
      else if (row.kind === 'event') events.push(row);
      else refusals.push(row);
    }
    const labelledColumns = toBinary(LabelledColumnsSchema, packLabelled(labelled, dictionary));
    const sink = new ByteSink();
    sink.raw(dictionary.finish());
    const packedKinds = packIndexes(kinds);
    if (packedKinds.length > 0) sink.delimited(tag.kinds, packedKinds);
    sink.delimited(tag.predictions, toBinary(PredictionColumnsSchema, predictions.finish()));
    sink.delimited(tag.labelled, labelledColumns);
    for (const row of events) sink.delimited(tag.events, eventBytes(row));
    for (const { refusal } of refusals) sink.delimited(tag.refusals, toBinary(RefusalSchema, refusal));
    return sink.finish();
  },
  decode: (bytes) => observationViews.decode(bytes).map(plain),
};

/** The same rows, read as views of the record: for readers of single fields, and for those who pass rows on. */
export const observationViews: RowCodec<ObservationRow> = {
  encode: (rows) => observationsCodec.encode(rows),
  decode(bytes) {
    const leading = leadingDictionary(bytes);
    const fields = delimitedFields(bytes.subarray(leading.end), field.refusals);
    const texts = (fields[field.dictionary] ?? []).map((text) => Buffer.from(text).toString('utf8'));
    const dictionary = new DictionaryReader(leading.bytes, leading.starts, leading.ends, texts);
    const predictionColumns = merged(fields[field.predictions] ?? []);
    const predictions =
      predictionColumns && new PredictionsReader(fromBinary(PredictionColumnsSchema, predictionColumns), dictionary);
    const labelledColumns = merged(fields[field.labelled] ?? []);
    const labelled =
      labelledColumns && new LabelledReader(fromBinary(LabelledColumnsSchema, labelledColumns), dictionary);
    const events = fields[field.events] ?? [];
    const refusals = fields[field.refusals] ?? [];
    const lengths = [predictions?.length ?? 0, labelled?.length ?? 0, events.length, refusals.length];
    const count = lengths.reduce((sum, length) => sum + length, 0);
    const kinds = readIndexes(fields[field.kinds]?.at(-1) ?? none, count, 'kinds');
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

const none = new Uint8Array(0);
