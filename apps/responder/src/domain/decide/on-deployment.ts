import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { awaitsRollback } from '../incidents/incident.js';
import { supersededMessage } from '../notifications/messages.js';
import { openIncidentsOf } from './open-incidents.js';
import { tableKey } from './tables.js';
import type { DecisionContext } from './decision-context.js';

/** A version began to serve. A new build of what serves changes nothing. */
export function onDeployment(context: DecisionContext, model: string, deployment: Deployment): void {
  if (deployment.role !== Role.PRIMARY) return;
  const known = context.tables.model(model);
  const to = deployment.version;
  if (known.serving === to && known.servingSinceMs > 0) return;
  const comparison = comparisonOf(context, model, known.serving, to);
  const sinceMs = deployment.time === undefined ? context.nowMs : timestampMs(deployment.time);
  context.tables.changeModel(model, {
    serving: to,
    servingSinceMs: sinceMs,
    serviceOf: { ...known.serviceOf, [to]: { beganAtMs: sinceMs, by: deployment.by } },
    comparisons: forgetEarlier(context, known.comparisons, sinceMs),
  });
  if (known.serving === to) return;
  for (const incident of openIncidentsOf(context.tables, model)) {
    // What serves has nothing to do with a job or an instance.
    if (incident.breach?.subject !== undefined) continue;
    const rollback = awaitsRollback(incident) ? incident.rollback : null;
    let after = context.record(incident, {
      case: 'servingChanged',
      value: { from: known.serving, to, by: deployment.by, sinceMs, ...comparison },
    });
    if (rollback === null || rollback.to === to) continue;
    const reason = `${to} began to serve before its effect was seen`;
    after = context.record(after, { case: 'rollbackFailed', value: { from: rollback.from, to: rollback.to, reason } });
    context.tell(after, ['team'], supersededMessage(after, rollback, to));
  }
}

/** How the two compare while the first still serves: on what was predicted since it began to. */
function comparisonOf(
  context: DecisionContext,
  model: string,
  from: string,
  to: string,
): { comparison?: PairedComparison } {
  const [first, second] = [from, to].sort() as [string, string];
  const comparison = context.tables.comparisons.get(tableKey(model, first, second));
  return comparison === undefined ? {} : { comparison };
}

/** Comparisons begin anew with what serves; drops those of the time before. */
function forgetEarlier(context: DecisionContext, keys: readonly string[], sinceMs: number): readonly string[] {
  return keys.filter((key) => {
    const current = (context.tables.comparisons.get(key)?.sinceMs ?? 0) >= sinceMs;
    if (!current) context.tables.comparisons.delete(key);
    return current;
  });
}
