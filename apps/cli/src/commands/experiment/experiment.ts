import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerAnalyze } from './analyze.js';
import { registerPower } from './power.js';

export function registerExperiment(parent: Command, shell: Shell): void {
  const experiment = parent
    .command('experiment')
    .description('Experiments: which variant is better, and how many units it takes to know. Needs no server.')
    .helpCommand(false);
  for (const register of [registerAnalyze, registerPower]) register(experiment, shell);
}
