import { ByteSource } from '../byte-source.js';
import type { Figure, Snapshot, WindowSnapshot } from '../gen/moola/v1/snapshots_pb.js';
import { Role } from '../gen/moola/v1/telemetry_pb.js';
import { figureTag, snapshotTag, windowTag } from './tags.js';

/** `null` when there is anything in it that is not a plain window. */
export function readWindow(bytes: Uint8Array): Snapshot | null {
  const source = new ByteSource(bytes);
  const row: Snapshot = { $typeName: 'moola.v1.Snapshot', atMs: 0, model: '', kind: { case: undefined } };
  while (!source.done) {
    switch (source.varint()) {
      case snapshotTag.atMs:
        row.atMs = source.double();
        break;
      case snapshotTag.model:
        row.model = source.text();
        break;
      case snapshotTag.window: {
        const before = source.enter();
        const value = readWindowFields(source);
        if (value === null || row.kind.case !== undefined) return null;
        row.kind = { case: 'window', value };
        source.leave(before);
        break;
      }
      default:
        return null;
    }
  }
  return row.kind.case === 'window' ? row : null;
}

function readWindowFields(source: ByteSource): WindowSnapshot | null {
  const window: WindowSnapshot = {
    $typeName: 'moola.v1.WindowSnapshot',
    version: '',
    role: Role.UNSPECIFIED,
    serving: false,
    windowMs: 0,
    figures: [],
  };
  while (!source.done) {
    switch (source.varint()) {
      case windowTag.version:
        window.version = source.text();
        break;
      case windowTag.role:
        window.role = source.varint();
        break;
      case windowTag.serving:
        window.serving = source.varint() !== 0;
        break;
      case windowTag.windowMs:
        window.windowMs = source.double();
        break;
      case windowTag.figures: {
        const before = source.enter();
        const figure = readFigure(source);
        if (figure === null) return null;
        window.figures.push(figure);
        source.leave(before);
        break;
      }
      default:
        return null;
    }
  }
  return window;
}

function readFigure(source: ByteSource): Figure | null {
  const figure: Figure = { $typeName: 'moola.v1.Figure', metric: '', samples: 0 };
  while (!source.done) {
    switch (source.varint()) {
      case figureTag.metric:
        figure.metric = source.text();
        break;
      case figureTag.value:
        figure.value = source.double();
        break;
      case figureTag.samples:
        figure.samples = source.double();
        break;
      case figureTag.lower:
        figure.lower = source.double();
        break;
      case figureTag.upper:
        figure.upper = source.double();
        break;
      case figureTag.effective:
        figure.effectiveSamples = source.double();
        break;
      default:
        return null;
    }
  }
  return figure;
}
