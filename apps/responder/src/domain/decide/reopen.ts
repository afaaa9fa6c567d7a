import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Incident } from '../incidents/incident.js';
import { ownEntry } from '@moola/contracts/own-entry';
import { alertNameOf, isCurrent } from './model-state.js';
import { openNext } from './on-alert.js';
import { playbookOf } from './policies.js';
import type { Tables } from './tables.js';
import type { DecisionContext } from './decision-context.js';

/** When an incident that is resolved now is opened again; 0 where its alert does not fire on what serves. */
export function reopensAt(context: DecisionContext, incident: Incident): number {
  return stillFires(context.tables, incident.model, alertNameOf(incident))
    ? context.nowMs + playbookOf(context.tables, incident.model).reopenAfterMs
    : 0;
}

/**
 * Opens anew what a person resolved and what still fires when it is due; what has ended meanwhile is let go. An alert whose
 * figure went missing opens nothing on what was: it waits until its condition holds again, or it ends.
 */
export function reopenDue(context: DecisionContext): void {
  for (const [key, { incident, dueAtMs }] of [...context.tables.reopenings.entries()].sort(byKey)) {
    const [model, name] = JSON.parse(key) as [string, string];
    const fires = stillFires(context.tables, model, name);
    if (fires && (dueAtMs > context.nowMs || isUnsupported(context.tables, model, name))) continue;
    context.tables.reopenings.delete(key);
    const alert = context.tables.alerts.get(key);
    if (fires && alert !== undefined) openNext(context, model, alert, incident);
  }
}

/** On the version that serves, and no other incident has taken it up. */
function stillFires(tables: Tables, model: string, name: string): boolean {
  const { serving, alerts } = tables.model(model);
  const alert = ownEntry(alerts, name);
  return isCurrent(alert, serving) && alert.state === AlertState.FIRING && alert.gone === undefined;
}

function isUnsupported(tables: Tables, model: string, name: string): boolean {
  return ownEntry(tables.model(model).alerts, name)?.unsupported === true;
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
