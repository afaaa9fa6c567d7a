import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { formatted, type EntryCodec, type Upgrades } from './keyed-state.js';

/**
 * Entries that are protobuf messages, behind a format byte: every bit of every number comes back, absent fields stay
 * absent.
 * @param format raised when what a field of the message means to the state changes.
 * @param upgrades of the formats before, from the message as its bytes read today; others are an error, never a guess.
 */
export function messageEntry<D extends DescMessage>(
  schema: D,
  format: number,
  upgrades: Upgrades<MessageShape<D>, MessageShape<D>> = {},
): EntryCodec<MessageShape<D>> {
  return {
    format,
    encode(value) {
      const message = toBinary(schema, value);
      const bytes = new Uint8Array(message.length + 1);
      bytes[0] = format;
      bytes.set(message, 1);
      return bytes;
    },
    decode(bytes, entry = schema.typeName) {
      const message = fromBinary(schema, formatted(entry, bytes, format, upgrades));
      return upgrades[bytes[0] as number]?.(message) ?? message;
    },
  };
}
