import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerList } from './list.js';
import { registerRetry } from './retry.js';
import { registerShow } from './show.js';

export function registerDeadLetters(parent: Command, shell: Shell): void {
  const deadLetters = parent
    .command('dead-letters')
    .description('What was refused: why, its original, and another try.')
    .helpCommand(false);
  for (const register of [registerList, registerShow, registerRetry]) register(deadLetters, shell);
}
