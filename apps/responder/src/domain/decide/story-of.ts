import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from '../incidents/incident.js';
import type { Story } from '../post-mortem/story.js';
import { ownEntry } from '@moola/contracts/own-entry';
import { declaredModel, declaredValue } from './policies.js';
import { eventKey, tableKey, type Tables } from './tables.js';

/** What the tables know of an incident, for its post-mortem. */
export function storyOf(tables: Tables, incident: Incident): Story {
  const events: IncidentEvent[] = [];
  for (let number = 1; number <= incident.number; number++) {
    const event = tables.events.get(eventKey(incident.id, number));
    if (event !== undefined) events.push(event);
  }
  return {
    events,
    worst: tables.worst.get(incident.id) ?? null,
    service: (version) => ownEntry(tables.model(incident.model).serviceOf, version),
    wasKnownGood: (version) => tables.budgets.get(tableKey(incident.model, version))?.knownGood === true,
    ranInShadow: (version) => (tables.model(incident.model).ranInShadow ?? []).includes(version),
    comparison(version, other) {
      const [first, second] = [version, other].sort() as [string, string];
      return tables.comparisons.get(tableKey(incident.model, first, second));
    },
    budgetMetrics: declaredModel(tables, incident.model)?.budget?.lines.map(({ metric }) => metric) ?? [],
    valuePerPredictionUsd: declaredValue(tables, incident.model)?.valuePerPredictionUsd ?? null,
  };
}
