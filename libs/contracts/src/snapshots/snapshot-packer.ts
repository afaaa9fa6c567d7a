import { ByteSink } from '../byte-sink.js';
import { SnapshotSchema, type Snapshot } from '../gen/moola/v1/snapshots_pb.js';
import { writeMessage } from '../message-writer.js';
import type { RowPacker } from '../topic.js';
import { snapshotTag } from './tags.js';
import { WindowWriter } from './window-writer.js';

const rowTag = 0x0a;

/** Writes snapshots, each behind its length, to the same bytes as the general way gives. */
export class SnapshotPacker implements RowPacker<Snapshot> {
  private readonly sink = new ByteSink();
  private readonly windows = new WindowWriter(this.sink);

  get bytes(): number {
    return this.sink.length;
  }

  add(row: Snapshot): void {
    const { sink } = this;
    const opened = sink.open(rowTag);
    if (isPlainWindow(row)) {
      this.writeWindow(row);
      this.windows.moved(sink.close(opened));
    } else {
      writeMessage(SnapshotSchema, row, sink);
      sink.close(opened);
    }
  }

  finish(): Uint8Array {
    return this.sink.finish();
  }

  /** The most by far. */
  private writeWindow({ atMs, model, kind }: PlainWindow): void {
    const { sink } = this;
    if (!Object.is(atMs, 0)) sink.double(snapshotTag.atMs, atMs);
    if (model !== '') sink.text(snapshotTag.model, model);
    const opened = sink.open(snapshotTag.window);
    this.windows.write(kind.value);
    this.windows.moved(sink.close(opened));
  }
}

type PlainWindow = Snapshot & { readonly kind: Extract<Snapshot['kind'], { case: 'window' }> };

/** Without fields of a later version of the schema. */
function isPlainWindow(row: Snapshot): row is PlainWindow {
  return row.kind.case === 'window' && row.$unknown === undefined && row.kind.value.$unknown === undefined;
}
