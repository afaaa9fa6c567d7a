import { type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { ByteSink } from './byte-sink.js';
import { readMessage } from './message-reader.js';
import { writeMessage } from './message-writer.js';
import type { RowCodec } from './topic.js';

const rowTag = 0x0a;

/** Rows that are protobuf messages, one after the other, each behind its length. For topics of low volume. */
export function messageCodec<D extends DescMessage>(schema: D): RowCodec<MessageShape<D>> {
  return {
    encode(rows) {
      const sink = new ByteSink();
      for (const row of rows) {
        const opened = sink.open(rowTag);
        writeMessage(schema, row, sink);
        sink.close(opened);
      }
      return sink.finish();
    },
    decode(bytes) {
      const reader = new BinaryReader(bytes);
      const rows: MessageShape<D>[] = [];
      while (reader.pos < reader.len) {
        reader.tag();
        rows.push(readMessage(schema, reader.bytes()));
      }
      return rows;
    },
  };
}
