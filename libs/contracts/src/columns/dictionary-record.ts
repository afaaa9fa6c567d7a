import { ByteSink } from '../byte-sink.js';
import { DictionaryReader, leadingDictionary } from './dictionary-reader.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { DelimitedFields } from './fields.js';
import type { Parts } from './write-columns.js';

/** Number of the field `dictionary` in every record that has one. */
const dictionaryField = 1;

/** A record's rows: its dictionary first, then the rest. */
export function writeRecord(dictionary: DictionaryWriter, rest: Parts): Uint8Array {
  const texts = dictionary.finish();
  const sink = new ByteSink(texts.length + rest.size);
  sink.raw(texts);
  rest.writeTo(sink);
  return sink.finish();
}

/** A record's dictionary, and its other fields. */
export function readRecord(bytes: Uint8Array): {
  readonly dictionary: DictionaryReader;
  readonly fields: DelimitedFields;
} {
  const leading = leadingDictionary(bytes);
  const fields = new DelimitedFields(bytes.subarray(leading.end));
  const texts = fields.all(dictionaryField).map((text) => Buffer.from(text).toString('utf8'));
  return { dictionary: new DictionaryReader(leading.bytes, leading.starts, leading.ends, texts), fields };
}
