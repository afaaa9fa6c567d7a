import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerList } from './list.js';
import { registerShow } from './show.js';

export function registerJobs(parent: Command, shell: Shell): void {
  const jobs = parent
    .command('jobs')
    .description('Training jobs: how far they are, how long they take, whether they run out of memory.')
    .helpCommand(false);
  for (const register of [registerList, registerShow]) register(jobs, shell);
}
