import type { IncidentFold } from '../read-model/incident-fold.js';
import type { IncidentQuery } from './incident-query.js';

/** Some of the incidents that were asked for. */
export interface IncidentPage {
  /** The newest first. */
  readonly incidents: readonly IncidentFold[];
  /** How many there are on all pages. */
  readonly total: number;
  /** The last one of this page, if there is a page after it. */
  readonly next: string | null;
}

/**
 * The page after the incident `before`: what opens meanwhile comes before all pages, and moves none of them.
 * @returns `null` when there is no such incident
 */
export function pageOfIncidents(
  incidents: ReadonlyMap<string, IncidentFold>,
  { limit, before, state, model }: IncidentQuery,
): IncidentPage | null {
  const last = before === undefined ? null : incidents.get(before);
  if (last === undefined) return null;
  const asked = [...incidents.values()]
    .filter(
      (each) =>
        (state === undefined || each.isOpen === (state === 'open')) && (model === undefined || each.model === model),
    )
    .sort(newestFirst);
  const rest = last === null ? asked : asked.filter((each) => newestFirst(last, each) < 0);
  const page = rest.slice(0, limit);
  return { incidents: page, total: asked.length, next: rest.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function newestFirst(a: IncidentFold, b: IncidentFold): number {
  if (a.openedAtMs !== b.openedAtMs) return b.openedAtMs - a.openedAtMs;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
