import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { roleName } from '../../../read-model/names.js';
import { figures, putFigures } from '../figures-table.js';
import type { Projection } from '../projection.js';

/** The figures of each segment of a window. What came after as many as are told apart is "…" of its key. */
export const segments: Projection<Snapshot> = {
  ...{ name: 'segments', topic: topics.snapshots, tables: [figures] },
  take({ atMs, model, kind }, sink) {
    if (kind.case !== 'breakdown') return;
    const { version, role, serving, windowMs } = kind.value;
    for (const { key, value, other, figures: published } of kind.value.segments) {
      const of = { model, version, role: roleName[role], windowMs, serving };
      putFigures(sink, atMs, { ...of, dimension: `segment:${key}`, member: other ? '…' : value }, published);
    }
  },
};
