import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerDelete } from './delete.js';
import { registerList } from './list.js';
import { registerShow } from './show.js';

export function registerDefinitions(parent: Command, shell: Shell): void {
  const definitions = parent
    .command('definitions')
    .description('What is in force: models, rules, values, playbooks, routes, infrastructure.')
    .helpCommand(false);
  for (const register of [registerList, registerShow, registerDelete]) register(definitions, shell);
}
