import type { Definition, RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { budgetRules, rulesOn } from './budget-rules.js';

/** Every rule on a model by its name, those that the lines of its budget are themselves among them. */
export function alertRules(model: string, definitions: readonly Definition[]): ReadonlyMap<string, RuleDefinition> {
  const explicit = rulesOn(model, definitions);
  const declared = definitions.find(({ name, kind }) => kind.case === 'model' && name === model)?.kind;
  const budget = declared?.case === 'model' ? declared.value.budget : undefined;
  const own = [...budgetRules(budget, explicit).own].map(([name, { definition }]) => [name, definition] as const);
  return new Map([...explicit, ...own]);
}
