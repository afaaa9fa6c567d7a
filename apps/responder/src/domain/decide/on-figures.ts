import { create } from '@bufbuild/protobuf';
import type { Loss, PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { FigureSchema, type BudgetState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { takeFigure } from './worst-figures.js';
import { unknownGates } from './evidence-of.js';
import { tableKey, type Tables } from './tables.js';

/** What the tracker says of a version's budget. Who serves is a deployment's to say; before any, the tracker's. */
export function onBudget(tables: Tables, model: string, budget: BudgetState, atMs: number): void {
  const key = tableKey(model, budget.version);
  tables.budgets.set(key, budget);
  const unknown = unknownGates(budget.lines, tables.unknownSince.get(key) ?? {}, atMs);
  if (Object.keys(unknown).length > 0) tables.unknownSince.set(key, unknown);
  else if (tables.unknownSince.has(key)) tables.unknownSince.delete(key);
  for (const { figure } of budget.lines) takeFigure(tables, model, { version: budget.version, figure, atMs });
  const { versions = [], ranInShadow = [], serviceOf } = tables.model(model);
  const isNew = !budget.serving && !Object.hasOwn(serviceOf, budget.version);
  if (isNew && !ranInShadow.includes(budget.version))
    tables.changeModel(model, { ranInShadow: [...ranInShadow, budget.version].sort() });
  if (!versions.includes(budget.version)) tables.changeModel(model, { versions: [...versions, budget.version].sort() });
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
export function onLoss(tables: Tables, model: string, loss: Loss, atMs: number): void {
  const figure = create(FigureSchema, {
    metric: 'accuracy',
    ...(loss.accuracy === undefined ? {} : { value: loss.accuracy }),
  });
  takeFigure(tables, model, { version: loss.version, figure, atMs });
  tables.changeModel(model, { lossPerMinuteUsd: loss.usdPerMinute });
}
