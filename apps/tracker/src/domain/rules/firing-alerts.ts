import { isEmpty } from '@moola/contracts/columns/segments';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { WatchedRule } from '../models/watched-model.js';
import { ruleOfAlert } from './alert-names.js';
import type { HeldAlerts } from './held-alerts.js';

/** How many alerts of each rule by pattern fire on a version: found when it is first asked for. */
export class FiringAlerts {
  private byRule: Map<string, number> | null = null;

  constructor(private readonly alerts: HeldAlerts) {}

  /** Whether the rule that one was derived from has as many alerts firing as it may. */
  isAtMost({ derived }: WatchedRule): boolean {
    return derived !== undefined && this.of(derived.rule) >= derived.mostAlerts;
  }

  /** An alert of the rule has begun to fire, or ended. */
  count(rule: string, change: number): void {
    if (change !== 0) this.byRule?.set(rule, this.of(rule) + change);
  }

  private of(rule: string): number {
    this.byRule ??= countFiring(this.alerts);
    return this.byRule.get(rule) ?? 0;
  }
}

function countFiring(alerts: HeldAlerts): Map<string, number> {
  const byRule = new Map<string, number>();
  if (isEmpty(alerts)) return byRule;
  for (const [name, { state }] of Object.entries(alerts)) {
    if (state !== AlertState.FIRING) continue;
    const rule = ruleOfAlert(name);
    byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  }
  return byRule;
}
