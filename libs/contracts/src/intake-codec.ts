import { readRecord, writeRecord } from './columns/dictionary-record.js';
import { DictionaryWriter } from './columns/dictionary-writer.js';
import { KindsWriter } from './columns/kinds-writer.js';
import { MessagesWriter } from './columns/messages-writer.js';
import { readIndexes } from './columns/packed.js';
import { plainPrediction, PredictionsReader, PredictionsWriter, PredictionView } from './columns/predictions.js';
import { Parts } from './columns/write-columns.js';
import { eventBytes, EventView } from './event-codec.js';
import { packRows } from './pack-rows.js';
import type { IntakeRow } from './rows.js';
import type { RowCodec, RowPacker } from './topic.js';

/** Field numbers of `IntakeRows`. */
const field = { kinds: 2, predictions: 3, events: 4 } as const;

/** Packers that were given back, with their memory: it has grown to the size of a record. */
const spare: IntakePacker[] = [];

/** Packs rows as they come: predictions as columns, other events as messages. */
class IntakePacker implements RowPacker<IntakeRow> {
  private readonly dictionary = new DictionaryWriter();
  private readonly kinds = new KindsWriter();
  private readonly predictions = new PredictionsWriter(this.dictionary);
  private readonly events = new MessagesWriter();

  get bytes(): number {
    return this.dictionary.length + this.kinds.length + this.predictions.bytes + this.events.bytes;
  }

  add(row: IntakeRow): void {
    if (row.kind === 'prediction') {
      this.kinds.add(0);
      this.predictions.add(row);
    } else {
      this.kinds.add(1);
      this.events.add(eventBytes(row));
    }
  }

  finish(): Uint8Array {
    const { dictionary, kinds, predictions, events } = this;
    const parts = new Parts();
    parts.add(field.kinds, kinds.finish());
    parts.addParts(field.predictions, predictions.finish());
    events.addTo(parts, field.events);
    const bytes = writeRecord(dictionary, parts);
    for (const each of [dictionary, kinds, predictions, events]) each.clear();
    spare.push(this);
    return bytes;
  }
}

/** Rows of `intake`. */
export const intakeCodec: RowCodec<IntakeRow> = {
  encode: (rows) => packRows(intakePacker(), rows),
  packer: intakePacker,
  decode: (bytes) =>
    intakeViews
      .decode(bytes)
      .map((row) => (row.kind === 'prediction' ? plainPrediction(row) : { kind: 'event', event: row.event })),
};

function intakePacker(): IntakePacker {
  return spare.pop() ?? new IntakePacker();
}

/** The same rows, read as views of the record: for readers of single fields, and for those who pass rows on. */
export const intakeViews: RowCodec<IntakeRow> = {
  ...intakeCodec,
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
