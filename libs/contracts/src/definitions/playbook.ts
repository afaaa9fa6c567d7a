import type { z } from 'zod';
import type { PlaybookDefinition } from '../gen/moola/v1/definitions_pb.js';
import { duration, flag, list, modelPattern, oneOf, section, text } from './fields.js';
import type { MessageInit } from './message-init.js';
import { severityNames, severityOf, type SeverityName } from './severities.js';

const severityPolicy = section({
  severity: oneOf({ doc: 'Of the incident.' }, severityNames),
  respondWithin: duration({ doc: 'When somebody must have acknowledged it.' }, { positive: true }),
  escalateAfter: duration({ doc: 'When it is escalated, as long as nobody has.' }, { positive: true }),
  escalateTo: oneOf({ doc: 'Who hears of it then.' }, ['team', 'manager', 'executive']).default('manager'),
});

/** Response times of severities that a playbook leaves out. */
const defaultPolicies = [
  { severity: 'info', respondWithin: '4h', escalateAfter: '24h' },
  { severity: 'warning', respondWithin: '2h', escalateAfter: '8h' },
  { severity: 'critical', respondWithin: '30m', escalateAfter: '1h' },
  { severity: 'emergency', respondWithin: '15m', escalateAfter: '30m', escalateTo: 'executive' },
] as const;

const actionName = text({ doc: 'An action.' });

/** `kind: Playbook`. */
export const playbookSchema = section({
  name: text({ doc: 'The model, or `default` for all that have none of their own.' }, modelPattern),
  severities: list(
    { doc: 'Deadlines. A severity that is left out has those of the default.' },
    severityPolicy,
    'severities',
  ).prefault([...defaultPolicies]),
  healActions: list({ doc: 'Tried in order at the first tier.' }, actionName, 'actions').default([]),
  scaleActions: list({ doc: 'Tried in order at the second tier.' }, actionName, 'actions').default([]),
  verifyWithin: duration(
    { doc: 'A rollback that shows no effect for this long is escalated.' },
    { positive: true },
  ).prefault('2h'),
  reopenAfter: duration(
    {
      doc: 'An incident resolved by hand while its alert fires is opened again after this, if it fires on current data.',
    },
    { positive: true },
  ).prefault('30m'),
  rollbackAutomatically: flag({ doc: 'Whether a rollback may be carried out without a person.' }).default(false),
});

export type PlaybookDocument = z.output<typeof playbookSchema>;

/** @param document whose missing severities are filled in from the default. */
export function playbookDefinition(document: PlaybookDocument): MessageInit<PlaybookDefinition> {
  const given = document.severities;
  const defaults = playbookSchema.parse({ name: 'default' }).severities;
  const policyOf = (name: SeverityName) =>
    [...given, ...defaults].filter((policy) => policy.severity === name).slice(0, 1);
  return {
    severities: severityNames.flatMap(policyOf).map((policy) => ({
      severity: severityOf(policy.severity),
      respondWithinMs: policy.respondWithin,
      escalateAfterMs: policy.escalateAfter,
      escalateTo: policy.escalateTo,
    })),
    healActions: [...document.healActions],
    scaleActions: [...document.scaleActions],
    verifyWithinMs: document.verifyWithin,
    rollbackAutomatically: document.rollbackAutomatically,
    reopenAfterMs: document.reopenAfter,
  };
}
