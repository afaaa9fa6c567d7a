import { SubjectKind, type Subject } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** A training job or an instance, by name. Plain values. */
export interface NamedSubject {
  readonly kind: 'job' | 'instance';
  readonly name: string;
}

const kinds: Readonly<Record<SubjectKind, NamedSubject['kind'] | null>> = {
  [SubjectKind.UNSPECIFIED]: null,
  [SubjectKind.JOB]: 'job',
  [SubjectKind.INSTANCE]: 'instance',
};

/** `undefined` of an alert on a version. */
export function namedSubject(subject: Subject | undefined): NamedSubject | undefined {
  const kind = subject && kinds[subject.kind];
  return kind ? { kind, name: subject.name } : undefined;
}

/** What an alert or an incident is about: `v7`, `job pretrain-7`, `instance pod-1`. */
export function aboutText({
  version,
  subject,
}: {
  readonly version: string;
  readonly subject?: NamedSubject | undefined;
}): string {
  return subject === undefined ? version : `${subject.kind} ${subject.name}`;
}
