import { create } from '@bufbuild/protobuf';
import {
  DefinitionSchema,
  PlaybookDefinitionSchema,
  type Definition,
  type PlaybookDefinition,
} from '../gen/moola/v1/definitions_pb.js';
import type { TaskType } from '@moola/metrics/task-type';
import { modelDefinition, modelSchema } from './model.js';
import { playbookDefinition, playbookSchema } from './playbook.js';

/** What holds for a model that nobody declared: the default of every field, but for what it was seen to answer. */
export function undeclaredModel(name: string, task: TaskType = 'binary'): Definition {
  return create(DefinitionSchema, {
    name,
    kind: { case: 'model', value: modelDefinition(modelSchema.parse({ name: 'undeclared', task })) },
  });
}

/** How incidents are answered where no playbook was applied: the severity matrix of the system as first described. */
export function defaultPlaybook(): PlaybookDefinition {
  return create(PlaybookDefinitionSchema, playbookDefinition(playbookSchema.parse({ name: 'default' })));
}
