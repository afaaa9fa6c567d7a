import { readRecord, writeRecord } from '@moola/contracts/columns/dictionary-record';
import { DictionaryWriter } from '@moola/contracts/columns/dictionary-writer';
import { GrowingColumns, indexes, numbers } from '@moola/contracts/columns/growing-columns';
import { MessagesWriter } from '@moola/contracts/columns/messages-writer';
import { packEveryNumber, packIndexes, readIndexes, readNumbers } from '@moola/contracts/columns/packed';
import { PredictionsReader, PredictionsWriter, PredictionView } from '@moola/contracts/columns/predictions';
import { Parts } from '@moola/contracts/columns/write-columns';
import { eventBytes, EventView } from '@moola/contracts/event-codec';
import { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';
import type { TimedRow } from './rows-by-time.js';
import { tableOutcome, tableSource } from './table-outcome.js';

/** Numbers of a block's fields, the dictionary before them. */
const field = { times: 2, kinds: 3, predictions: 4, models: 5, inputs: 6, truths: 7, events: 8 } as const;
const kind = { prediction: 0, outcome: 1, event: 2 } as const;

const dictionary = new DictionaryWriter();
const predictions = new PredictionsWriter(dictionary);
const events = new MessagesWriter();
const rowColumns = new GrowingColumns((rows) => ({ times: numbers(rows), kinds: indexes(rows) }));
const outcomeColumns = new GrowingColumns((rows) => ({
  ...{ models: indexes(rows), inputs: indexes(rows), truths: indexes(rows) },
}));

/**
 * Rows of a log, while they lie on the disk: predictions and the outcomes of tables as columns, other events as messages. Only
 * the process that wrote a block reads it.
 */
export function encodeSorted(rows: readonly TimedRow[]): Uint8Array {
  let outcomes = 0;
  rows.forEach(({ timeMs, row }, at) => {
    const { times, kinds } = rowColumns.withRow(at);
    times[at] = timeMs;
    if (row.kind === 'prediction') {
      kinds[at] = kind.prediction;
      predictions.add(row);
    } else if (row instanceof PlainOutcome && isOfTable(row, timeMs)) {
      kinds[at] = kind.outcome;
      const { models, inputs, truths } = outcomeColumns.withRow(outcomes);
      models[outcomes] = dictionary.index(row.model);
      inputs[outcomes] = dictionary.append(row.input);
      truths[outcomes++] = dictionary.index(row.truth);
    } else {
      kinds[at] = kind.event;
      events.add(eventBytes(row));
    }
  });
  const parts = new Parts();
  const { times, kinds } = rowColumns.columns;
  const { models, inputs, truths } = outcomeColumns.columns;
  parts.add(field.times, packEveryNumber(times.subarray(0, rows.length)));
  parts.add(field.kinds, packIndexes(kinds.subarray(0, rows.length)));
  parts.addParts(field.predictions, predictions.finish());
  parts.add(field.models, packIndexes(models.subarray(0, outcomes)));
  parts.add(field.inputs, packIndexes(inputs.subarray(0, outcomes)));
  parts.add(field.truths, packIndexes(truths.subarray(0, outcomes)));
  events.addTo(parts, field.events);
  const bytes = writeRecord(dictionary, parts);
  for (const each of [dictionary, predictions, events]) each.clear();
  return bytes;
}

/** Rows as views of the block. */
export function decodeSorted(bytes: Uint8Array): readonly TimedRow[] {
  const { dictionary: texts, fields } = readRecord(bytes);
  const count = fields.bytes(field.times).length / 8;
  const times = readNumbers(fields.bytes(field.times), count, 'times');
  const kinds = readIndexes(fields.bytes(field.kinds), count, 'kinds');
  let outcomes = 0;
  for (const each of kinds) if (each === kind.outcome) outcomes++;
  const columns = fields.message(field.predictions);
  const reader = columns && new PredictionsReader(columns, texts);
  const indexesOf = (each: number) => readIndexes(fields.bytes(each), outcomes, 'outcomes');
  const [models, inputs, truths] = [indexesOf(field.models), indexesOf(field.inputs), indexesOf(field.truths)];
  const messages = fields.all(field.events);
  const next = { prediction: 0, outcome: 0, event: 0 };
  const rowAt = (at: number, timeMs: number): IntakeRow => {
    if (kinds[at] === kind.prediction) return new PredictionView(reader as PredictionsReader, next.prediction++);
    if (kinds[at] === kind.event) return new EventView(messages[next.event++] as Uint8Array);
    const i = next.outcome++;
    const text = (index: number | undefined) => texts.text(index as number);
    return tableOutcome(text(models[i]), text(inputs[i]), text(truths[i]), timeMs);
  };
  const rows = new Array<TimedRow>(count);
  for (let at = 0; at < count; at++) {
    const timeMs = times[at] as number;
    rows[at] = { timeMs, row: rowAt(at, timeMs) };
  }
  return rows;
}

/** Whether an outcome is all that `tableOutcome` makes of it. */
function isOfTable(row: PlainOutcome, timeMs: number): boolean {
  const { id, source, value, revision, knownSeconds, knownNanos } = row;
  const isTimed = Number.isInteger(timeMs) && knownSeconds * 1_000_000 + knownNanos / 1000 === timeMs * 1000;
  return isTimed && id === '' && source === tableSource && value === undefined && revision === 0;
}
