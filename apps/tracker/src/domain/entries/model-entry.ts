import { expectFormat } from '@moola/contracts/entry-format';
import { PackedReader, PackedWriter } from '@moola/windows/packed-numbers';
import type { ModelRecord } from '../models/model-state.js';

/** First byte of an entry. */
const format = 5;
/** Without `segments` and `breakdownEnds`. */
const formatWithoutSegments = 4;
/** Without `labelsOfOtherTask` and `classes`. */
const formatWithoutTasks = 3;
/** Without `sinceMs` and `outcomesUnmatched` too. */
const formatWithoutSince = 2;
const writer = new PackedWriter();

/** A model's record as the bytes of a checkpoint entry: many are written at every checkpoint. */
export function encodeModel(record: ModelRecord): Uint8Array {
  const { counts } = record;
  writer.begin().number(format);
  writer.flags([
    record.deployed,
    record.countsChanged,
    record.changed,
    record.serving !== null,
    record.dueMs !== null,
    record.waitingSinceMs !== null,
    record.evaluatedMs !== null,
    record.answersNumbers,
  ]);
  writer.double(record.sinceMs);
  writer.number(record.publishedEnds + 1);
  writer.number(counts.predictions);
  // Of a group with rows of two models, which the join never writes, one would be taken below zero.
  writer.double(counts.outcomes);
  writer.number(counts.labelled);
  writer.number(counts.duplicates);
  writer.number(counts.orphans);
  writer.number(counts.tooLate);
  writer.number(counts.beyondBuckets);
  writer.number(counts.outcomesUnmatched);
  writer.number(counts.labelsOfOtherTask);
  writer.number(record.classes.length);
  for (const name of record.classes) writer.text(name);
  writer.number(record.segments.length);
  for (const name of record.segments) writer.text(name);
  writer.number(record.breakdownEnds + 1);
  if (record.dueMs !== null) writer.double(record.dueMs);
  if (record.waitingSinceMs !== null) writer.double(record.waitingSinceMs);
  if (record.evaluatedMs !== null) writer.double(record.evaluatedMs);
  if (record.serving !== null) {
    writer.double(record.serving.sinceMs);
    writer.text(record.serving.version);
  }
  return writer.finish();
}

export function decodeModel(key: string, bytes: Uint8Array): ModelRecord {
  const reader = new PackedReader(bytes);
  const found = reader.number();
  expectFormat(key, found, format, [formatWithoutSince, formatWithoutTasks, formatWithoutSegments]);
  const flags = reader.flags(8);
  const [deployed = false, countsChanged = false, changed = false, serves, isDue] = flags;
  const [waits, isEvaluated, answersNumbers = false] = flags.slice(5);
  const sinceMs = found === formatWithoutSince ? 0 : reader.double();
  const publishedEnds = reader.number() - 1;
  const counts = {
    predictions: reader.number(),
    outcomes: reader.double(),
    labelled: reader.number(),
    duplicates: reader.number(),
    orphans: reader.number(),
    tooLate: reader.number(),
    beyondBuckets: reader.number(),
    outcomesUnmatched: found === formatWithoutSince ? 0 : reader.number(),
    labelsOfOtherTask: found >= formatWithoutSegments ? reader.number() : 0,
  };
  const classes = found >= formatWithoutSegments ? textsOf(reader) : [];
  const segments = found === format ? textsOf(reader) : [];
  const breakdownEnds = found === format ? reader.number() - 1 : -1;
  const dueMs = isDue ? reader.double() : null;
  const waitingSinceMs = waits ? reader.double() : null;
  const evaluatedMs = isEvaluated ? reader.double() : null;
  let serving: ModelRecord['serving'] = null;
  if (serves) {
    const sinceMs = reader.double();
    serving = { version: reader.text(), sinceMs };
  }
  return {
    sinceMs,
    serving,
    deployed,
    counts,
    countsChanged,
    changed,
    answersNumbers,
    classes,
    segments,
    breakdownEnds,
    dueMs,
    waitingSinceMs,
    evaluatedMs,
    publishedEnds,
  };
}

function textsOf(reader: PackedReader): string[] {
  return Array.from({ length: reader.number() }, () => reader.text());
}
