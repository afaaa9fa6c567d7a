import type { Incident } from '../incidents/incident.js';
import type { Tables } from './tables.js';

/** The open incidents of one model, in the order in which they opened, then by id. */
export function openIncidentsOf(tables: Tables, model: string): readonly Incident[] {
  return Object.values(tables.model(model).incidents)
    .map(({ open }) => (open === null ? undefined : tables.incidents.get(open)))
    .filter((incident) => incident !== undefined)
    .sort(byOpening);
}

/** All open incidents: those whose price runs. */
export function openIncidents(tables: Tables): readonly Incident[] {
  return tables.prices
    .keys()
    .map((id) => tables.incidents.get(id))
    .filter((incident) => incident !== undefined)
    .sort(byOpening);
}

function byOpening(one: Incident, other: Incident): number {
  return one.openedAtMs - other.openedAtMs || (one.id < other.id ? -1 : 1);
}
