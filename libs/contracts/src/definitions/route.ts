import type { z } from 'zod';
import type { RouteDefinition } from '../gen/moola/v1/definitions_pb.js';
import { duration, list, modelPattern, oneOf, section, text } from './fields.js';
import type { MessageInit } from './message-init.js';
import { severityNames, severityOf } from './severities.js';

const channel = section({
  kind: oneOf({ doc: 'What it is.' }, ['slack', 'pagerduty', 'email', 'webhook', 'terminal']),
  name: text({ doc: 'Names the settings of the process: `MOOLA_CHANNEL_<NAME>_…`.' }),
});

/** `kind: Route`. */
export const routeSchema = section({
  name: text({ doc: 'The name of the route.' }),
  model: text({ doc: 'The model; all models when left out.' }, modelPattern).optional(),
  minimumSeverity: oneOf({ doc: 'Nothing milder takes this route.' }, severityNames).default('info'),
  audience: oneOf({ doc: 'Whom it reaches.' }, ['team', 'manager', 'executive']).default('team'),
  channels: list({ doc: 'In order: the next is tried when one has failed for good.' }, channel, 'channels', 1),
  groupWait: duration({ doc: 'How long notifications wait for others of the same incident.' }).prefault('0s'),
});

export type RouteDocument = z.output<typeof routeSchema>;

export function routeDefinition(document: RouteDocument): MessageInit<RouteDefinition> {
  return {
    minimumSeverity: severityOf(document.minimumSeverity),
    model: document.model ?? '',
    channels: document.channels.map(({ kind, name }) => ({ kind, name })),
    groupWaitMs: document.groupWait,
    audience: document.audience,
  };
}
