import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { RowCodec } from './topic.js';

/** Rows that are protobuf messages, one after the other, each behind its length. For topics of low volume. */
export function messageCodec<D extends DescMessage>(schema: D): RowCodec<MessageShape<D>> {
  return {
    encode(rows) {
      const writer = new BinaryWriter();
      for (const row of rows) writer.tag(1, WireType.LengthDelimited).bytes(toBinary(schema, row));
      return writer.finish();
    },
    decode(bytes) {
      const reader = new BinaryReader(bytes);
      const rows: MessageShape<D>[] = [];
      while (reader.pos < reader.len) {
        reader.tag();
        rows.push(fromBinary(schema, reader.bytes()));
      }
      return rows;
    },
  };
}
