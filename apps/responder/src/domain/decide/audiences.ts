import { Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from '../incidents/incident.js';
import { playbookOf } from './policies.js';
import type { DecisionContext } from './decision-context.js';

/** The team hears of everything; at the emergency tier the next level does, too. */
export function audiencesOf(context: DecisionContext, incident: Incident): readonly string[] {
  if (incident.tier !== Tier.EMERGENCY) return ['team'];
  return ['team', playbookOf(context.tables, incident.model).deadlines(incident.severity).escalateTo];
}
