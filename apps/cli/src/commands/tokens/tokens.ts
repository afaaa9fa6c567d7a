import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerCreate } from './create.js';
import { registerList } from './list.js';
import { registerRevoke } from './revoke.js';

export function registerTokens(parent: Command, shell: Shell): void {
  const tokens = parent
    .command('tokens')
    .description('API tokens: who may read, operate, administer, or send events. docs/security.md has the roles.')
    .helpCommand(false);
  for (const register of [registerCreate, registerList, registerRevoke]) register(tokens, shell);
}
