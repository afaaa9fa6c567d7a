import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerAcknowledge } from './acknowledge.js';
import { registerList } from './list.js';
import { registerResolve } from './resolve.js';
import { registerShow } from './show.js';

export function registerIncidents(parent: Command, shell: Shell): void {
  const incidents = parent
    .command('incidents')
    .description('What is wrong with models, what was done about it, and what it costs.')
    .helpCommand(false);
  for (const register of [registerList, registerShow, registerAcknowledge, registerResolve]) register(incidents, shell);
}
