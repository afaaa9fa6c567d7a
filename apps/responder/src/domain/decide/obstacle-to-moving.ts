import type { Incident } from '../incidents/incident.js';
import { declaredModel, playbookOf } from './policies.js';
import type { Tables } from './tables.js';

/** A rollback, and once again on the evidence since: after that people move traffic. */
const MOST_MOVES = 2;

/** Why traffic is not moved without a person; `null` when it may be. */
export function obstacleToMoving(tables: Tables, incident: Incident): string | null {
  const registry = declaredModel(tables, incident.model)?.registry;
  if (registry === undefined || registry.registeredModel === '' || registry.alias === '')
    return 'no registry is declared for the model';
  if (!playbookOf(tables, incident.model).rollbackAutomatically) return 'the playbook leaves rollbacks to a person';
  if (incident.step >= MOST_MOVES) return 'traffic was moved twice for this incident already';
  return null;
}
