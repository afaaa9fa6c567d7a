import { modelSchema } from '@moola/contracts/definitions/model';
import type { ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { hourMs } from './bucket-ledger.js';

/** What a definition says that gives nothing but a name. */
const defaults = modelSchema.parse({ name: 'undeclared' });

/** How far back the money of a model looks. Plain data. */
export interface BudgetSpan {
  /** The window in which the budget is read, milliseconds. */
  readonly windowMs: number;
  /** For how many whole hours buckets may still be revised, or are part of the window. */
  readonly keptHours: number;
}

/** What is left out (0 on the wire) is as the tracker takes it: for a window, 60 buckets. */
export function budgetSpanOf({ budget, bucketMs, labelHorizonMs }: ModelDefinition): BudgetSpan {
  return spanOf(budget?.windowMs || 60 * (bucketMs || defaults.bucket), labelHorizonMs || defaults.labelHorizon);
}

/** Of a model that nobody declared. */
export const undeclaredSpan: BudgetSpan = spanOf(defaults.budget.window, defaults.labelHorizon);

function spanOf(windowMs: number, labelHorizonMs: number): BudgetSpan {
  return { windowMs, keptHours: Math.ceil(Math.max(windowMs, labelHorizonMs) / hourMs) + 1 };
}
