import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';

/** What a post-mortem is written from, beside the incident itself. */
export interface Story {
  /** The incident's events up to its resolution, in order; without receipts and prices. */
  readonly events: readonly IncidentEvent[];
  /** When a version last began to serve, and who shipped it. */
  service(version: string): { readonly beganAtMs: number; readonly by: string } | undefined;
  wasKnownGood(version: string): boolean;
  /** US dollars; `null` when nobody declared what the model is worth. */
  readonly valuePerPredictionUsd: number | null;
}

type Kind = NonNullable<IncidentEvent['kind']['case']>;
type ValueOf<K extends Kind> = Extract<IncidentEvent['kind'], { case: K }>['value'];

/** The events of one kind, with their content. */
export function ofKind<K extends Kind>(
  events: readonly IncidentEvent[],
  kind: K,
): readonly { readonly event: IncidentEvent; readonly value: ValueOf<K> }[] {
  return events.flatMap((event) =>
    event.kind.case === kind ? [{ event, value: event.kind.value as ValueOf<K> }] : [],
  );
}
