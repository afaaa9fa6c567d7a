import { create } from '@bufbuild/protobuf';
import { InstanceSnapshotSchema, SubjectKind } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { InfrastructureSample } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { SubjectKind as Kind } from '../subjects/subject-kind.js';
import { meanOf, newInstance, observeSample, type InstanceRecord } from './instance-record.js';

/** Without a sample for so long an instance is shown as silent. */
const silentAfterMs = 120_000;
/** After so much silence it was removed: it is forgotten, and its alerts end. */
const forgottenAfterMs = 3_600_000;

/** Machines, pods and processes, by their samples. */
export const instances: Kind<'instance', InstanceRecord, InfrastructureSample, null> = {
  ...{ name: 'instance', wire: SubjectKind.INSTANCE, format: 1, most: 2000 },
  nameOf: ({ instance }) => instance,
  begin: newInstance,
  observe: observeSample,
  estimates: () => null,
  figures: (instance, _, nowMs) => ({
    samples: instance.samples,
    silentMs: Math.max(0, nowMs - instance.heardMs),
    mean: (field, windowMs) => meanOf(instance, field, windowMs, nowMs),
  }),
  isOver: () => false,
  forgottenAtMs: ({ heardMs }) => heardMs + forgottenAfterMs,
  state: ({ heardMs }, nowMs) => (nowMs - heardMs >= silentAfterMs ? 'silent' : 'heard'),
  forgotten: (instance) => ({ case: 'instance', value: create(InstanceSnapshotSchema, { instance, forgotten: true }) }),
  snapshot(record, { name, state, figures, undeclared }) {
    const { startedMs, heardMs, memoryLimitBytes } = record;
    const value = create(InstanceSnapshotSchema, {
      ...{ instance: name, startedMs, heardMs, silent: state === 'silent', figures, undeclared },
      ...(memoryLimitBytes !== null && { memoryLimitBytes }),
    });
    return { case: 'instance', value };
  },
};
