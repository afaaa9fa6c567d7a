import { fromBinary } from '@bufbuild/protobuf';
import { ByteSource } from './byte-source.js';
import { SnapshotSchema, type Snapshot } from './gen/moola/v1/snapshots_pb.js';
import { SnapshotPacker } from './snapshots/snapshot-packer.js';
import { readWindow } from './snapshots/window-reader.js';
import type { RowCodec } from './topic.js';

/**
 * Rows of `snapshots`: protobuf messages, one after the other, each behind its length. Windows, counts and buckets are by
 * far the most of them: they are written directly, and windows read so.
 */
export const snapshotCodec: RowCodec<Snapshot> = {
  encode(rows) {
    const packer = new SnapshotPacker();
    for (const row of rows) packer.add(row);
    return packer.finish();
  },
  decode(bytes) {
    const source = new ByteSource(bytes);
    const rows: Snapshot[] = [];
    while (!source.done) {
      source.varint();
      const row = source.slice(source.varint());
      rows.push(readWindow(row) ?? fromBinary(SnapshotSchema, row));
    }
    return rows;
  },
  packer: () => new SnapshotPacker(),
};
