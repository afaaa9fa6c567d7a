import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import { topics } from '@moola/contracts/topics';
import { roleName } from '../../../read-model/names.js';
import { boolean, instant, model, role, text, version } from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const deploymentsTable: RowTable = {
  ...{ kind: 'rows', name: 'deployments' },
  text: 'Which version was deployed in which role, and when.',
  columns: [
    instant('time', 'Its own time.'),
    model,
    version,
    text('build', 'The build; empty where nobody said.'),
    role,
    text('by', 'A person, a pipeline, "responder"; empty where nobody said.'),
    text('incident', 'The incident whose rollback it is; empty for an ordinary release.'),
    boolean('inferred', 'No deployment event was sent: it was seen to answer.'),
  ],
  ...{ key: ['model', 'version', 'role', 'time'], time: 'time', revised: 'replace' },
  ...{ keptMs: keptByDefault.rows, mostRows: 1_000_000 },
};

/** Deployments, as the tracker takes them to be. */
export const deployments: Projection<Snapshot> = {
  ...{ name: 'deployments', topic: topics.snapshots, tables: [deploymentsTable] },
  take({ atMs, model: name, kind }, sink) {
    if (kind.case !== 'deployment') return;
    const { version: of, build, by, incident, time } = kind.value;
    sink.row(deploymentsTable, {
      ...{ time: time === undefined ? atMs : timestampMs(time), model: name, version: of, build },
      ...{ role: roleName[kind.value.role], by, incident, inferred: isInferred(by) },
    });
  },
};
