import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { VersionRecord } from '../models/version-record.js';
import type { WatchedRule } from '../models/watched-model.js';

/** Alerts end at the next tick, when a rule that is gone can no longer be asked how severe it was. */
export function rememberRemoved(
  record: VersionRecord,
  before: readonly WatchedRule[],
  after: readonly WatchedRule[],
): void {
  const inForce = new Set(after.map(({ name }) => name));
  for (const { name, definition } of before) {
    const alert = record.alerts[name];
    if (inForce.has(name) || alert === undefined || alert.state === AlertState.INACTIVE) continue;
    record.removedSeverities = { ...record.removedSeverities, [name]: definition.severity };
  }
}
