import { create, equals } from '@bufbuild/protobuf';
import { DefinitionSchema, type Definition } from '../gen/moola/v1/definitions_pb.js';

/** The kinds of definitions, as records name them. */
export const definitionKinds = ['model', 'rule', 'value', 'playbook', 'route', 'infrastructure'] as const;

export type DefinitionKind = (typeof definitionKinds)[number];

/** The kind of what a definition defines, or deletes; `undefined` for one that a later release knows. */
export function kindOf({ kind }: Definition): DefinitionKind | undefined {
  const name = kind.case === 'deletion' ? kind.value.kind : kind.case;
  return definitionKinds.find((each) => each === name);
}

/** Says that a definition is no longer in force. */
export function deletionOf(kind: DefinitionKind, name: string): Definition {
  return create(DefinitionSchema, { name, kind: { case: 'deletion', value: { kind } } });
}

/** What is in force after these records: the latest definition of each kind and name that has not been deleted since. */
export function inForce(records: readonly Definition[]): Definition[] {
  const latest = new Map<string, Definition>();
  for (const definition of records) {
    const key = `${kindOf(definition)} ${definition.name}`;
    // So that one that was deleted and defined anew stands where it was defined anew.
    if (definition.kind.case === 'deletion') latest.delete(key);
    else if (definition.kind.case !== undefined) latest.set(key, definition);
  }
  return [...latest.values()];
}

/** Whether two say the same, whenever they were applied and by whom. */
export function sameDefinition(one: Definition, other: Definition): boolean {
  const bare = { version: 0, author: '', authorAuthenticated: false };
  return equals(DefinitionSchema, { ...one, ...bare }, { ...other, ...bare });
}

/**
 * What goes when a definition is deleted: with a model also the rules, value, playbook and infrastructure that name
 * it, which no file could declare without it. The model comes last.
 * @param definitions those in force
 * @returns nothing when there is no such definition
 */
export function goneWith(kind: DefinitionKind, name: string, definitions: readonly Definition[]): Definition[] {
  const named = definitions.filter((definition) => kindOf(definition) === kind && definition.name === name);
  if (named.length === 0 || kind !== 'model') return named;
  return [...definitions.filter((definition) => isOfModel(definition, name)), ...named];
}

/** Routes that name a deleted model: through them people hear that what was open is over. */
export function routesOf(model: string, definitions: readonly Definition[]): Definition[] {
  return definitions.filter(({ kind }) => kind.case === 'route' && kind.value.model === model);
}

function isOfModel({ kind, name }: Definition, model: string): boolean {
  switch (kind.case) {
    case 'rule':
    case 'infrastructure':
      return kind.value.model === model;
    case 'value':
    case 'playbook':
      return name === model;
    default:
      return false;
  }
}
