import { create } from '@bufbuild/protobuf';
import type { z } from 'zod';
import { DefinitionSchema, type Definition } from '../gen/moola/v1/definitions_pb.js';
import { infrastructureDefinition, infrastructureSchema } from './infrastructure.js';
import { modelDefinition, modelSchema } from './model.js';
import { playbookDefinition, playbookSchema } from './playbook.js';
import { routeDefinition, routeSchema } from './route.js';
import { ruleDefinition, ruleSchema } from './rule.js';
import { valueDefinition, valueSchema } from './value.js';

/** One kind of document: what it may hold, and the definition that it becomes. */
export interface Kind {
  readonly name: string;
  /** For the reference. */
  readonly doc: string;
  readonly schema: z.ZodType;
  /** Reads the fields of a document (all but `kind`). */
  readonly read: (
    fields: unknown,
  ) => { readonly definition: Definition } | { readonly issues: readonly z.core.$ZodIssue[] };
}

function kind<S extends z.ZodType>(
  name: string,
  doc: string,
  schema: S,
  define: (document: z.output<S>) => Definition,
): Kind {
  return {
    name,
    doc,
    schema,
    read(fields) {
      const result = schema.safeParse(fields, { reportInput: true });
      return result.success ? { definition: define(result.data) } : { issues: result.error.issues };
    },
  };
}

/** Every kind, by the value of a document's `kind`. */
export const kinds: readonly Kind[] = [
  kind(
    'Model',
    'A model: what its labels are like, its budget, how its versions are compared.',
    modelSchema,
    (document) =>
      create(DefinitionSchema, { name: document.name, kind: { case: 'model', value: modelDefinition(document) } }),
  ),
  kind('Rule', 'When an alert fires.', ruleSchema, (document) =>
    create(DefinitionSchema, { name: document.name, kind: { case: 'rule', value: ruleDefinition(document) } }),
  ),
  kind('Value', 'What an answer of a model is worth, and what the model costs.', valueSchema, (document) =>
    create(DefinitionSchema, { name: document.name, kind: { case: 'value', value: valueDefinition(document) } }),
  ),
  kind('Playbook', 'How incidents are answered.', playbookSchema, (document) =>
    create(DefinitionSchema, { name: document.name, kind: { case: 'playbook', value: playbookDefinition(document) } }),
  ),
  kind('Route', 'Who hears of what, through which channels.', routeSchema, (document) =>
    create(DefinitionSchema, { name: document.name, kind: { case: 'route', value: routeDefinition(document) } }),
  ),
  kind(
    'Infrastructure',
    'Asks a Prometheus server how the instances of a model are; the answers become infrastructure samples.',
    infrastructureSchema,
    (document) =>
      create(DefinitionSchema, {
        name: document.name,
        kind: { case: 'infrastructure', value: infrastructureDefinition(document) },
      }),
  ),
];
