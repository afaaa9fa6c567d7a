import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { readRecord, writeRecord } from './columns/dictionary-record.js';
import { DictionaryWriter } from './columns/dictionary-writer.js';
import { KindsWriter } from './columns/kinds-writer.js';
import { LabelledReader, LabelledView, LabelledWriter, plainLabelled } from './columns/labelled.js';
import { MessagesWriter } from './columns/messages-writer.js';
import { readIndexes } from './columns/packed.js';
import { plainPrediction, PredictionsReader, PredictionsWriter, PredictionView } from './columns/predictions.js';
import { Parts } from './columns/write-columns.js';
import { eventBytes, EventView } from './event-codec.js';
import { RefusalSchema } from './gen/moola/v1/rows_pb.js';
import { packRows } from './pack-rows.js';
import type { ObservationRow } from './rows.js';
import type { RowCodec, RowPacker } from './topic.js';

/** Field numbers of `ObservationRows`. */
const field = { kinds: 2, predictions: 3, labelled: 4, events: 5, refusals: 6 } as const;
/** Of `ObservationRows.kinds`. */
const rowKinds = { prediction: 0, labelled: 1, event: 2, refusal: 3 } as const;

/** Packers that were given back, with their memory: it has grown to the size of a record. */
const spare: ObservationsPacker[] = [];

/** Packs rows as they come: predictions and labelled predictions as columns, the rest as messages. */
class ObservationsPacker implements RowPacker<ObservationRow> {
  private readonly dictionary = new DictionaryWriter();
  private readonly kinds = new KindsWriter();
  private readonly predictions = new PredictionsWriter(this.dictionary);
  private readonly labelled = new LabelledWriter(this.dictionary);
  private readonly events = new MessagesWriter();
  private readonly refusals = new MessagesWriter();

  get bytes(): number {
    const { dictionary, kinds, predictions, labelled, events, refusals } = this;
    return dictionary.length + kinds.length + predictions.bytes + labelled.bytes + events.bytes + refusals.bytes;
  }

  add(row: ObservationRow): void {
    const { kind } = row;
    this.kinds.add(rowKinds[kind]);
    if (kind === 'prediction') this.predictions.add(row);
    else if (kind === 'labelled') this.labelled.add(row);
    else if (kind === 'event') this.events.add(eventBytes(row));
    else this.refusals.add(toBinary(RefusalSchema, row.refusal));
  }

  finish(): Uint8Array {
    const { dictionary, kinds, predictions, labelled, events, refusals } = this;
    const parts = new Parts();
    parts.add(field.kinds, kinds.finish());
    parts.addParts(field.predictions, predictions.finish());
    parts.addParts(field.labelled, labelled.finish());
    events.addTo(parts, field.events);
    refusals.addTo(parts, field.refusals);
    const bytes = writeRecord(dictionary, parts);
    for (const each of [dictionary, kinds, predictions, labelled, events, refusals]) each.clear();
    spare.push(this);
    return bytes;
  }
}

/** Rows of `observations`. */
export const observationsCodec: RowCodec<ObservationRow> = {
  encode: (rows) => packRows(observationsPacker(), rows),
  packer: observationsPacker,
  decode: (bytes) => observationViews.decode(bytes).map(plain),
};

function observationsPacker(): ObservationsPacker {
  return spare.pop() ?? new ObservationsPacker();
}

/** The same rows, read as views of the record: for readers of single fields, and for those who pass rows on. */
export const observationViews: RowCodec<ObservationRow> = {
  ...observationsCodec,
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
