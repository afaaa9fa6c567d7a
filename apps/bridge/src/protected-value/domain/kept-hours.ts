import { modelSchema } from '@moola/contracts/definitions/model';
import type { ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { hourMs } from './pair-ledger.js';

/** What a definition says that gives nothing but a name. */
const defaults = modelSchema.parse({ name: 'undeclared' });

/** For how many whole hours pair buckets of a model may still be revised. */
export function keptHoursOf({ labelHorizonMs }: Pick<ModelDefinition, 'labelHorizonMs'>): number {
  return Math.ceil((labelHorizonMs || defaults.labelHorizon) / hourMs) + 1;
}

/** Of a model that nobody declared. */
export const undeclaredKeptHours: number = keptHoursOf({ labelHorizonMs: 0 });
