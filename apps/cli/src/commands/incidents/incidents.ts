import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerAcknowledge } from './acknowledge.js';
import { registerJudge } from './judge.js';
import { registerList } from './list.js';
import { registerMissed } from './missed.js';
import { registerResolve } from './resolve.js';
import { registerShow } from './show.js';

export function registerIncidents(parent: Command, shell: Shell): void {
  const incidents = parent
    .command('incidents')
    .description('What is wrong with models, what was done about it, and what it costs.')
    .helpCommand(false);
  const all = [registerList, registerShow, registerAcknowledge, registerResolve, registerJudge, registerMissed];
  for (const register of all) register(incidents, shell);
}
