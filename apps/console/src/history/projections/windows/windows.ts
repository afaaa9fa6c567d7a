import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { roleName } from '../../../read-model/names.js';
import { figures, putFigures } from '../figures-table.js';
import type { Projection } from '../projection.js';

/** The figures of each window of each version. */
export const windows: Projection<Snapshot> = {
  ...{ name: 'windows', topic: topics.snapshots, tables: [figures] },
  take({ atMs, model, kind }, sink) {
    if (kind.case !== 'window') return;
    const { version, role, serving, windowMs } = kind.value;
    const of = { model, version, role: roleName[role], windowMs, serving, dimension: '', member: '' };
    putFigures(sink, atMs, of, kind.value.figures);
  },
};
