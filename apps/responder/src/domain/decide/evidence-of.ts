import type { Evidence } from '../rollback/evidence.js';
import { tableKey, type Tables } from './tables.js';

/** What the tables know of a model's versions. Comparisons of an earlier service are none. */
export function evidenceOf(tables: Tables, model: string): Evidence {
  const state = tables.model(model);
  return {
    serving: state.serving,
    began: new Map(Object.entries(state.serviceOf).map(([version, service]) => [version, service.beganAtMs])),
    rolledBackFrom: new Set(state.rolledBackFrom),
    budget: (version) => tables.budgets.get(tableKey(model, version)),
    comparison(version, other) {
      const [first, second] = [version, other].sort() as [string, string];
      const comparison = tables.comparisons.get(tableKey(model, first, second));
      return comparison !== undefined && comparison.sinceMs >= state.servingSinceMs ? comparison : undefined;
    },
  };
}
