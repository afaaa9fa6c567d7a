import type { Incident } from '../incidents/incident.js';
import { declaredModel } from './policies.js';
import type { Turn } from './turn.js';

/** Asks for an alias to be moved once more, when the last attempt has touched nothing and the next one is due. */
export function retryRollback(turn: Turn, incident: Incident): Incident {
  const { rollback } = incident;
  const retry = rollback?.retry ?? null;
  if (rollback?.phase !== 'requested' || retry === null || turn.nowMs < retry.dueAtMs) return incident;
  const { from, to, step } = rollback;
  const registry = declaredModel(turn.tables, incident.model)?.registry;
  if (registry === undefined) {
    const reason = 'no registry is declared for the model any more';
    return turn.record(incident, { case: 'rollbackFailed', value: { from, to, reason } });
  }
  return turn.moveAlias(incident, registry, from, to, { step, attempt: retry.attempt });
}
