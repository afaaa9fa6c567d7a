import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { registerExport } from './export.js';
import { registerImport } from './import.js';
import { registerQuery } from './query.js';
import { registerTables } from './tables.js';

export function registerHistory(parent: Command, shell: Shell): void {
  const history = parent
    .command('history')
    .description('What was: figures, incidents, alerts, deployments, money, as far back as the console remembers.')
    .helpCommand(false);
  for (const register of [registerTables, registerQuery, registerExport, registerImport]) register(history, shell);
}
