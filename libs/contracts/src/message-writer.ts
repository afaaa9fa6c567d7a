import { ScalarType, toBinary, type DescField, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { ByteSink } from './byte-sink.js';

/** Any message, field by field. */
type Fields = Readonly<Record<string, unknown>>;
type Write = (message: Fields, sink: ByteSink) => void;

const written = new Map<DescMessage, Write>();

/**
 * Writes a message to the same bytes as `toBinary`, several times as fast: what its description says of the fields is
 * looked up once. Messages with fields of kinds that are rare here (maps, 64-bit numbers), or with fields of a later
 * version of the schema, are left to `toBinary`.
 */
export function writeMessage<D extends DescMessage>(schema: D, message: MessageShape<D>, sink: ByteSink): void {
  writerOf(schema)(message, sink);
}

function writerOf(schema: DescMessage): Write {
  let write = written.get(schema);
  if (write === undefined) {
    // Set first: a message may hold messages of its own kind.
    written.set(schema, (message, sink) => (write as Write)(message, sink));
    const general: Write = (message, sink) =>
      sink.raw(toBinary(schema, message as unknown as MessageShape<DescMessage>));
    const fields = [...schema.fields].sort((a, b) => a.number - b.number).map(fieldWriter);
    const known = fields.filter((field) => field !== null);
    write =
      known.length < fields.length
        ? general
        : (message, sink) => {
            if (message['$unknown'] !== undefined) general(message, sink);
            else for (const writeField of known) writeField(message, sink);
          };
    written.set(schema, write);
  }
  return write;
}

/** `null`: a kind of field that is left to the general way. */
function fieldWriter(field: DescField): Write | null {
  const writeValue = valueWriter(field);
  if (writeValue === null) return null;
  const { localName } = field;
  if (field.oneof !== undefined) {
    const { localName: group } = field.oneof;
    return (message, sink) => {
      const chosen = message[group] as { readonly case?: string; readonly value?: unknown };
      if (chosen.case === localName) writeValue(chosen.value, sink);
    };
  }
  if (field.fieldKind === 'list') {
    return (message, sink) => {
      for (const value of message[localName] as readonly unknown[]) writeValue(value, sink);
    };
  }
  if (field.presence === FeatureSet_FieldPresence.EXPLICIT) {
    return (message, sink) => {
      const value = message[localName];
      if (value !== undefined) writeValue(value, sink);
    };
  }
  return (message, sink) => {
    const value = message[localName];
    // Zeros and empty texts are left out; −0 is no zero.
    if (value !== '' && value !== false && !Object.is(value, 0)) writeValue(value, sink);
  };
}

function valueWriter(field: DescField): ((value: unknown, sink: ByteSink) => void) | null {
  const { number } = field;
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind;
  if (kind === 'message' && field.message !== undefined && !field.delimitedEncoding) {
    const { message } = field;
    const tag = number * 8 + 2;
    return (value, sink) => {
      const opened = sink.open(tag);
      writerOf(message)(value as Fields, sink);
      sink.close(opened);
    };
  }
  if (field.fieldKind === 'enum') return (value, sink) => sink.unsigned(number * 8, value as number);
  if (field.fieldKind !== 'scalar') return null;
  switch (field.scalar) {
    case ScalarType.DOUBLE:
      return (value, sink) => sink.double(number * 8 + 1, value as number);
    case ScalarType.UINT32:
      return (value, sink) => sink.unsigned(number * 8, value as number);
    case ScalarType.BOOL:
      return (value, sink) => sink.unsigned(number * 8, value === true ? 1 : 0);
    case ScalarType.STRING:
      return (value, sink) => sink.text(number * 8 + 2, value as string);
    default:
      return null;
  }
}
