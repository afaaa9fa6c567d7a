import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';

type Kind = NonNullable<Snapshot['kind']['case']>;
export type ValueOf<K extends Kind> = Extract<Snapshot['kind'], { case: K }>['value'];

/** The snapshots of one kind, in their order. */
export function valuesOf<K extends Kind>(snapshots: readonly Snapshot[], kind: K): ValueOf<K>[] {
  return snapshots.flatMap((snapshot) => (snapshot.kind.case === kind ? [snapshot.kind.value as ValueOf<K>] : []));
}
