import type { Incident } from '../incidents/incident.js';
import { declaredModel } from './policies.js';
import type { DecisionContext } from './decision-context.js';

/** Asks for an alias to be moved once more, when the last attempt has touched nothing and the next one is due. */
export function retryRollback(context: DecisionContext, incident: Incident): Incident {
  const { rollback } = incident;
  const retry = rollback?.retry ?? null;
  if (rollback?.phase !== 'requested' || retry === null || context.nowMs < retry.dueAtMs) return incident;
  const { from, to, step } = rollback;
  const registry = declaredModel(context.tables, incident.model)?.registry;
  if (registry === undefined) {
    const reason = 'no registry is declared for the model any more';
    return context.record(incident, { case: 'rollbackFailed', value: { from, to, reason } });
  }
  return context.moveAlias(incident, registry, from, to, { step, attempt: retry.attempt });
}
