import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { EntryCodec } from './keyed-state.js';

/**
 * Entries that are protobuf messages, behind a format byte: every bit of every number comes back, absent fields stay
 * absent.
 * @param format raised when what a field of the message means to the state changes.
 */
export function messageEntry<D extends DescMessage>(schema: D, format: number): EntryCodec<MessageShape<D>> {
  return {
    encode(value) {
      const message = toBinary(schema, value);
      const bytes = new Uint8Array(message.length + 1);
      bytes[0] = format;
      bytes.set(message, 1);
      return bytes;
    },
    decode(bytes) {
      if (bytes[0] !== format) throw new Error(`checkpoint entry has format ${bytes[0]}, expected ${format}`);
      return fromBinary(schema, bytes.subarray(1));
    },
  };
}
