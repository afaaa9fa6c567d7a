import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ForeignRecordSchema } from './gen/moola/v1/rows_pb.js';
import { messageCodec } from './message-codec.js';
import type { RowCodec } from './topic.js';

/** A record of a topic that foreign producers write: what they wrote, and when the log took it. */
export interface ForeignRecord {
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** The log's own clock, milliseconds since the epoch: it stands in the log, so every reader sees the same. */
  readonly appendedAtMs: number;
}

const messages = messageCodec(ForeignRecordSchema);

/** For where such a record stands among rows: in a dead letter, in a test. */
export const foreignRecordCodec: RowCodec<ForeignRecord> = {
  encode: (records) =>
    messages.encode(
      records.map((record) => create(ForeignRecordSchema, record as MessageInitShape<typeof ForeignRecordSchema>)),
    ),
  decode: (bytes) =>
    messages.decode(bytes).map(({ value, headers, appendedAtMs }) => ({ value, headers, appendedAtMs })),
};
