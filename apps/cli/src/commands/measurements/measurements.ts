import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerList } from './list.js';
import { registerShow } from './show.js';

export function registerMeasurements(parent: Command, shell: Shell): void {
  const measurements = parent
    .command('measurements')
    .description('What your own systems measure of models: revenue, ratings, GPU hours.')
    .helpCommand(false);
  for (const register of [registerList, registerShow]) register(measurements, shell);
}
