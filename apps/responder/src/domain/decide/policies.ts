import type { ModelDefinition, ValueDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { declaredPlaybook, defaultPlaybook, type Playbook } from '../deadlines/playbook.js';
import { alertNameOf, type AlertOnVersion } from './model-state.js';
import { openIncidents } from './open-incidents.js';
import { tableKey, type Tables } from './tables.js';

/** Keeps a definition that the responder uses; later versions replace earlier ones. */
export function keepDefinition(tables: Tables, definition: Definition): void {
  switch (definition.kind.case) {
    case 'model':
    case 'playbook':
    case 'value':
      tables.definitions.set(tableKey(definition.kind.case, definition.name), definition);
      return;
    case 'deletion':
      forget(tables, definition.kind.value.kind, definition.name);
      return;
    case 'rule':
    case 'route':
    case 'infrastructure':
    case undefined:
      return;
  }
}

/** Forgets a definition; incidents that it leaves without anything that watches them end at the next tick. */
function forget(tables: Tables, kind: string, name: string): void {
  tables.definitions.delete(tableKey(kind, name));
  if (kind !== 'model' && kind !== 'rule') return;
  for (const incident of openIncidents(tables)) {
    const { model, rule } = incident;
    if ((kind === 'model' ? model : rule) !== name) continue;
    const { alerts, serving: version } = tables.model(model);
    const gone: AlertOnVersion = { version, state: AlertState.RESOLVED, gone: kind };
    tables.changeModel(model, { alerts: { ...alerts, [alertNameOf(incident)]: gone } });
  }
}

/** `undefined` for a model that nobody declared: it is watched, and nobody is paged. */
export function declaredModel(tables: Tables, model: string): ModelDefinition | undefined {
  const kind = tables.definitions.get(tableKey('model', model))?.kind;
  return kind?.case === 'model' ? kind.value : undefined;
}

export function declaredValue(tables: Tables, model: string): ValueDefinition | undefined {
  const kind = tables.definitions.get(tableKey('value', model))?.kind;
  return kind?.case === 'value' ? kind.value : undefined;
}

/** The model's own playbook, else the one named "default", else the severity matrix. */
export function playbookOf(tables: Tables, model: string): Playbook {
  for (const name of [model, 'default']) {
    const kind = tables.definitions.get(tableKey('playbook', name))?.kind;
    if (kind?.case === 'playbook') return declaredPlaybook(kind.value);
  }
  return defaultPlaybook;
}
