import { ByteSource } from './byte-source.js';
import { SnapshotSchema, type Figure, type Snapshot } from './gen/moola/v1/snapshots_pb.js';
import { readMessage } from './message-reader.js';
import { packRows } from './pack-rows.js';
import { SnapshotPacker } from './snapshots/snapshot-packer.js';
import { rowsTag } from './snapshots/tags.js';
import { readWindow } from './snapshots/window-reader.js';
import type { RowCodec } from './topic.js';

/**
 * Rows of `snapshots` as the message `SnapshotRows`. Windows are by far the most of them: they are written and read by hand,
 * and figures that the windows of one version share stand there once.
 */
export const snapshotCodec: RowCodec<Snapshot> = {
  encode: (rows) => packRows(new SnapshotPacker(), rows),
  decode(bytes) {
    const source = new ByteSource(bytes);
    const rows: Snapshot[] = [];
    let repeated: Uint8Array | null = null;
    while (!source.done) {
      const tag = source.varint();
      const field = source.slice(source.varint());
      if (tag === rowsTag.rows) rows.push(readWindow(field) ?? readMessage(SnapshotSchema, field));
      else if (tag === rowsTag.repeatedFigures) repeated = field;
    }
    if (repeated !== null) putRepeatedBack(rows, repeated);
    return rows;
  },
  packer: () => new SnapshotPacker(),
};

/** Puts the figures back that are those of the window before. */
function putRepeatedBack(rows: readonly Snapshot[], bytes: Uint8Array): void {
  const masks = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let window = 0;
  let before: readonly Figure[] = [];
  for (const { kind } of rows) {
    if (kind.case !== 'window') continue;
    kind.value.figures = withRepeated(kind.value.figures, masks.getUint32(4 * window++, true), before);
    before = kind.value.figures;
  }
}

function withRepeated(own: Figure[], mask: number, before: readonly Figure[]): Figure[] {
  if (mask === 0) return own;
  const figures: Figure[] = [];
  let next = 0;
  for (let place = 0; next < own.length || mask >>> place !== 0; place++) {
    const isRepeated = place < 32 && (mask & (1 << place)) !== 0;
    const figure = isRepeated ? before[place] : own[next++];
    if (figure === undefined)
      throw new Error(`a window repeats figure ${place}, which the one before it does not have`);
    figures.push(figure);
    if (place >= 31 && next === own.length) break;
  }
  return figures;
}
