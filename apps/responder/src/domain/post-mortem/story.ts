import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { WorstFigure } from '../incidents/worst-figure.js';

/** What a post-mortem is written from, beside the incident itself. */
export interface Story {
  /** The incident's events up to its resolution, in order; without receipts and prices. */
  readonly events: readonly IncidentEvent[];
  readonly worst: WorstFigure | null;
  /** When a version last began to serve, and who shipped it. */
  service(version: string): { readonly beganAtMs: number; readonly by: string } | undefined;
  wasKnownGood(version: string): boolean;
  /** Whether it ran in shadow before it served. */
  ranInShadow(version: string): boolean;
  /** The comparison of two versions since what serves at the end began to. */
  comparison(version: string, other: string): PairedComparison | undefined;
  /** Metrics of the budget's lines; empty where the model is not declared. */
  readonly budgetMetrics: readonly string[];
  /** US dollars; `null` when nobody declared what the model is worth. */
  readonly valuePerPredictionUsd: number | null;
}

type Kind = NonNullable<IncidentEvent['kind']['case']>;
type ValueOf<K extends Kind> = Extract<IncidentEvent['kind'], { case: K }>['value'];

/** Whether a rollback was considered at all: only of a critical incident whose rule watches a gate. */
export const isRollbackConsidered = (events: Story['events']): boolean =>
  events.some(({ kind }) => kind.case === 'decision');

/** The events of one kind, with their content. */
export function ofKind<K extends Kind>(
  events: readonly IncidentEvent[],
  kind: K,
): readonly { readonly event: IncidentEvent; readonly value: ValueOf<K> }[] {
  return events.flatMap((event) =>
    event.kind.case === kind ? [{ event, value: event.kind.value as ValueOf<K> }] : [],
  );
}
