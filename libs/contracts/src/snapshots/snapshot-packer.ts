import { ByteSink } from '../byte-sink.js';
import { packIndexes32 } from '../columns/packed.js';
import { SnapshotSchema, type Snapshot } from '../gen/moola/v1/snapshots_pb.js';
import { writeMessage } from '../message-writer.js';
import type { RowPacker } from '../topic.js';
import { rowsTag, snapshotTag } from './tags.js';
import { WindowWriter } from './window-writer.js';

/**
 * Buffers that were given back. One grows to the size of a record and is copied on the way; many of them, outside of the
 * heap, make the collector run through a heap that may be large.
 */
const spare: ByteSink[] = [];

/** Writes snapshots as the message `SnapshotRows`. */
export class SnapshotPacker implements RowPacker<Snapshot> {
  private readonly sink = spare.pop() ?? new ByteSink();
  private readonly windows = new WindowWriter(this.sink);
  /** Of each window, see `SnapshotRows.repeated_figures`. */
  private readonly repeated: number[] = [];

  get bytes(): number {
    return this.sink.length + 4 * this.repeated.length;
  }

  add(row: Snapshot): void {
    const { sink } = this;
    const opened = sink.open(rowsTag.rows);
    if (isPlainWindow(row)) this.writeWindow(row);
    else {
      writeMessage(SnapshotSchema, row, sink);
      if (row.kind.case === 'window') {
        this.repeated.push(0);
        this.windows.forget();
      }
    }
    sink.close(opened);
  }

  finish(): Uint8Array {
    const { sink, repeated } = this;
    if (repeated.some((bits) => bits !== 0)) sink.delimited(rowsTag.repeatedFigures, packIndexes32(repeated));
    const bytes = sink.take();
    spare.push(sink);
    return bytes;
  }

  /** The most by far. */
  private writeWindow({ atMs, model, kind }: PlainWindow): void {
    const { sink } = this;
    if (!Object.is(atMs, 0)) sink.double(snapshotTag.atMs, atMs);
    if (model !== '') sink.text(snapshotTag.model, model);
    const opened = sink.open(snapshotTag.window);
    this.repeated.push(this.windows.write(kind.value));
    sink.close(opened);
  }
}

type PlainWindow = Snapshot & { readonly kind: Extract<Snapshot['kind'], { case: 'window' }> };

/** Without fields of a later version of the schema. */
function isPlainWindow(row: Snapshot): row is PlainWindow {
  return row.kind.case === 'window' && row.$unknown === undefined && row.kind.value.$unknown === undefined;
}
