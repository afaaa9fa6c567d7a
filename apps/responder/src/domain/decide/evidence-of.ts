import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Incident } from '../incidents/incident.js';
import type { Evidence } from '../rollback/evidence.js';
import { gateStanding } from '../rollback/gate-standing.js';
import type { UnknownSince } from './model-state.js';
import { declaredModel } from './policies.js';
import { tableKey, type Tables } from './tables.js';

const HOUR_MS = 3_600_000;

/** What the tables know of a model's versions. Comparisons of an earlier service are none. */
export function evidenceOf(tables: Tables, { model, metric = '' }: Incident, nowMs: number): Evidence {
  const state = tables.model(model);
  const declared = declaredModel(tables, model);
  const line = declared?.budget?.lines.find((each) => each.gate && each.metric === metric);
  const budget = (version: string) => tables.budgets.get(tableKey(model, version));
  return {
    nowMs,
    serving: state.serving,
    servingSinceMs: state.servingSinceMs,
    metric,
    minimumSamples: line?.minimumSamples ?? 0,
    minimumPairs: declared?.comparison?.minimumPairs ?? 0,
    // 0 in a record that is older than the field.
    windowMs: budget(state.serving)?.windowMs || HOUR_MS,
    versions: [...new Set([...(state.versions ?? []), ...Object.keys(state.serviceOf)])].sort(),
    began: new Map(Object.entries(state.serviceOf).map(([version, service]) => [version, service.beganAtMs])),
    rolledBackFrom: new Set(state.rolledBackFrom),
    budget,
    tooFewSinceMs(version) {
      if (gateStanding(budget(version), metric) !== 'unknown') return null;
      return tables.unknownSince.get(tableKey(model, version))?.[metric] ?? 0;
    },
    comparison(version, other) {
      const [first, second] = [version, other].sort() as [string, string];
      const comparison = tables.comparisons.get(tableKey(model, first, second));
      return comparison !== undefined && comparison.sinceMs >= state.servingSinceMs ? comparison : undefined;
    },
  };
}

/** What is unknown now, each since when. @param before the same at the previous record of this version */
export function unknownGates(
  lines: readonly { readonly metric: string; readonly gate: boolean; readonly verdict: BudgetVerdict }[],
  before: UnknownSince,
  atMs: number,
): UnknownSince {
  const unknown = lines.filter(({ gate, verdict }) => gate && verdict === BudgetVerdict.UNKNOWN);
  return Object.fromEntries(unknown.map(({ metric }) => [metric, before[metric] ?? atMs]));
}
