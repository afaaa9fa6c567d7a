import { SubjectKind, type Subject } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { SubjectName } from '@moola/metrics/subject-metric';

/** A training job, an instance or a measurement, by name. Plain values. */
export interface NamedSubject {
  readonly kind: SubjectName;
  readonly name: string;
}

const kinds: Readonly<Record<SubjectKind, NamedSubject['kind'] | null>> = {
  [SubjectKind.UNSPECIFIED]: null,
  [SubjectKind.JOB]: 'job',
  [SubjectKind.INSTANCE]: 'instance',
  [SubjectKind.MEASUREMENT]: 'measurement',
};

/** `undefined` of an alert on a version. */
export function namedSubject(subject: Subject | undefined): NamedSubject | undefined {
  const kind = subject && kinds[subject.kind];
  return kind ? { kind, name: subject.name } : undefined;
}

/** What an alert or an incident is about: `v7`, `job pretrain-7`, `instance pod-1`, `measurement revenue`. */
export function aboutText({
  version,
  subject,
}: {
  readonly version: string;
  readonly subject?: NamedSubject | undefined;
}): string {
  return subject === undefined ? version : `${subject.kind} ${subject.name}`;
}
