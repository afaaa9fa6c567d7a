import type { Loss, PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { BudgetState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { tableKey, type Tables } from './tables.js';

/** What the tracker says of a version's budget. Who serves is a deployment's to say; before any, the tracker's. */
export function onBudget(tables: Tables, model: string, budget: BudgetState): void {
  tables.budgets.set(tableKey(model, budget.version), budget);
  if (budget.serving && tables.model(model).servingSinceMs === 0)
    tables.changeModel(model, { serving: budget.version });
}

/** What the experiment says of two versions on the same inputs. */
export function onComparison(tables: Tables, model: string, comparison: PairedComparison): void {
  const key = tableKey(model, comparison.first, comparison.second);
  tables.comparisons.set(key, comparison);
  const { comparisons } = tables.model(model);
  if (!comparisons.includes(key)) tables.changeModel(model, { comparisons: [...comparisons, key].sort() });
}

/** What the bridge says that the version that serves loses. */
export function onLoss(tables: Tables, model: string, loss: Loss): void {
  tables.changeModel(model, { lossPerMinuteUsd: loss.usdPerMinute });
}
