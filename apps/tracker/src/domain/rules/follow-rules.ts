import { isEmpty } from '@moola/contracts/columns/segments';
import { ownEntry } from '@moola/contracts/own-entry';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Alert } from '@moola/rules/alert';
import { followRule } from '@moola/rules/follow-rule';
import type { VersionRecord } from '../models/version-record.js';
import type { WatchedRule } from '../models/watched-model.js';

type NamedRule = Pick<WatchedRule, 'name' | 'definition'>;

/** Alerts in checkpoints of releases without levels do not say it themselves. */
const severityOf = ({ severity }: Alert, rule: RuleDefinition) => ({ severity: severity ?? rule.severity });

/**
 * Alerts follow the rules that are in force from now on. One whose rule is gone ends at the next tick, when the rule can no
 * longer be asked how severe it was.
 */
export function followRules(
  record: Pick<VersionRecord, 'alerts'>,
  before: readonly NamedRule[],
  after: readonly NamedRule[],
): void {
  if (isEmpty(record.alerts)) return;
  const inForce = new Map(after.map((rule) => [rule.name, rule.definition]));
  for (const { name, definition } of before) {
    const alert = ownEntry(record.alerts, name);
    if (alert === undefined || alert.state === AlertState.INACTIVE) continue;
    const now = inForce.get(name);
    // One that is gone may come back before the next tick, as another rule.
    record.alerts[name] =
      now !== undefined
        ? followRule(alert, definition, now)
        : { ...alert, ...severityOf(alert, definition), ...(alert.state === AlertState.PENDING && { changed: true }) };
  }
}
