import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerList } from './list.js';
import { registerRetry } from './retry.js';
import { registerShow } from './show.js';

export function registerDeadLetters(parent: Command, shell: Shell): void {
  const deadLetters = parent
    .command('dead-letters')
    .description('What could not be taken in: why, what it was, and another try.')
    .helpCommand(false);
  for (const register of [registerList, registerShow, registerRetry]) register(deadLetters, shell);
}
