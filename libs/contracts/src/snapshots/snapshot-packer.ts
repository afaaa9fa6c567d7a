import { toBinary } from '@bufbuild/protobuf';
import { ByteSink, delimitedSize } from '../byte-sink.js';
import { SnapshotSchema, type Snapshot } from '../gen/moola/v1/snapshots_pb.js';
import type { RowPacker } from '../topic.js';
import { bucketSize, countsSize, writeBucket, writeCounts } from './numbers-writer.js';
import { doubleSize, isZero, textSize } from './sizes.js';
import { snapshotTag } from './tags.js';
import { utf8 } from './texts.js';
import { WindowWriter } from './window-writer.js';

const rowTag = 0x0a;

/** Writes snapshots to the same bytes as the general way gives, and about thirty times as fast. */
export class SnapshotPacker implements RowPacker<Snapshot> {
  private readonly sink = new ByteSink();
  private readonly windows = new WindowWriter(this.sink);

  get bytes(): number {
    return this.sink.length;
  }

  add(row: Snapshot): void {
    const { sink, windows } = this;
    const { kind } = row;
    if (!isPlain(row) || kind.value === undefined || !isPlain(kind.value)) {
      this.addMessage(row);
      return;
    }
    switch (kind.case) {
      case 'window': {
        this.begin(row, snapshotTag.window, windows.size(kind.value));
        windows.write(kind.value);
        return;
      }
      case 'bucket':
        this.begin(row, snapshotTag.bucket, bucketSize(kind.value));
        writeBucket(sink, kind.value);
        return;
      case 'counts':
        this.begin(row, snapshotTag.counts, countsSize(kind.value));
        writeCounts(sink, kind.value);
        return;
      default:
        this.addMessage(row);
    }
  }

  finish(): Uint8Array {
    return this.sink.finish();
  }

  private addMessage(row: Snapshot): void {
    this.sink.delimited(rowTag, toBinary(SnapshotSchema, row));
  }

  /** All of a row but the message of its kind, which takes `size` bytes and comes last. */
  private begin(row: Snapshot, tag: number, size: number): void {
    const { sink } = this;
    const model = utf8(row.model);
    sink.varint(rowTag);
    sink.varint(doubleSize(row.atMs) + textSize(model) + delimitedSize(size));
    if (!isZero(row.atMs)) sink.double(snapshotTag.atMs, row.atMs);
    if (model.length > 0) sink.delimited(snapshotTag.model, model);
    sink.varint(tag);
    sink.varint(size);
  }
}

/** Without fields of a later version of the schema. */
function isPlain(message: { readonly $unknown?: unknown }): boolean {
  return message.$unknown === undefined;
}
