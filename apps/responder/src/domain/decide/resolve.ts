import type { Incident } from '../incidents/incident.js';
import { resolvedMessage } from '../notifications/messages.js';
import { writePostMortem } from '../post-mortem/write.js';
import { storyOf } from './story-of.js';
import { ownEntry } from '@moola/contracts/own-entry';
import { alertNameOf } from './model-state.js';
import { forgetEnded } from './on-alert.js';
import { declaredValue } from './policies.js';
import { eventKey, tableKey } from './tables.js';
import type { DecisionContext } from './decision-context.js';

/** Who or what ended the incident. */
export interface Resolution {
  readonly reason: string;
  /** Empty when the system saw it by itself. */
  readonly by: string;
  /** The id of the command that said so; empty when the system saw it by itself. */
  readonly command: string;
  /** False: `by` is a name that the command's sender wrote. */
  readonly authenticated: boolean;
  /** When it is opened again, because its alert still fires; 0: it does not. */
  readonly reopensAtMs: number;
}

/** Ends an incident: the fact, the post-mortem, and the word to everybody who had heard of it. */
export function resolve(context: DecisionContext, incident: Incident, resolution: Resolution): void {
  const { tables } = context;
  const costUsd = tables.prices.get(incident.id)?.costUsd ?? 0;
  const costUnknown = incident.gate && declaredValue(tables, incident.model) === undefined;
  const story = storyOf(tables, incident);
  const resolved = context.record(incident, { case: 'resolved', value: { ...resolution, costUsd, costUnknown } });
  const postMortem = writePostMortem(resolved, resolution, story);
  const after = context.record(resolved, { case: 'postMortem', value: postMortem });
  context.tell(after, after.told.length > 0 ? after.told : ['team'], resolvedMessage(after, resolution));

  const { incidents } = tables.model(incident.model);
  const name = alertNameOf(incident);
  const count = ownEntry(incidents, name)?.count ?? 1;
  tables.changeModel(incident.model, { incidents: { ...incidents, [name]: { count, open: null } } });
  if (alertNameOf(incident) !== incident.rule) forgetEnded(tables, incident.model, name);
  if (resolution.reopensAtMs > 0) {
    const reopening = { incident: incident.id, dueAtMs: resolution.reopensAtMs };
    tables.reopenings.set(tableKey(incident.model, name), reopening);
  }
  tables.prices.delete(incident.id);
  tables.worst.delete(incident.id);
  for (const event of story.events) tables.events.delete(eventKey(incident.id, event.number));
}
