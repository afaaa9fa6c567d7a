import type { Command } from 'commander';
import { fileRefusal } from '../../options/files.js';
import { examples } from '../../output/examples.js';
import type { Shell } from '../../shell/shell.js';

interface Flags {
  readonly environment: string;
  readonly data?: string;
  readonly folder?: string;
}

export function registerImport(parent: Command, shell: Shell): void {
  parent
    .command('import')
    .description(
      'Put a copy in the place of the history of an environment. Needs no server; none may run on that folder.',
    )
    .argument('<file>', 'what `moola history export` wrote, from the same installation')
    .option('--environment <name>', 'whose history it is', 'live')
    .option('--data <folder>', 'the data folder (default: MOOLA_DATA, else data)')
    .option('--folder <folder>', 'where histories lie, if that is not in the data folder: MOOLA_HISTORY_FOLDER')
    .addHelpText('after', examples(['moola history import live.duckdb --data data', 'before the server starts']))
    .action(async (file: string, { environment, data, folder }: Flags) => {
      if (!/^[a-z0-9][a-z0-9._-]*$/i.test(environment)) return shell.misuse(`"${environment}" is no environment`);
      const unreadable = fileRefusal(file);
      if (unreadable !== null) return shell.fail(unreadable);
      const historyFolder = folder ?? shell.env['MOOLA_HISTORY_FOLDER'];
      const place =
        historyFolder === undefined || data !== undefined
          ? { dataFolder: data ?? shell.env['MOOLA_DATA'] ?? 'data' }
          : { historyFolder };
      try {
        const done = await shell.dependencies.operations.importHistory({ file, environment, place });
        shell.print(`${done.rows.toLocaleString('en')} rows are now the history of ${environment}: ${done.path}`);
        if (done.replaced !== null) shell.note(`what was there before is ${done.replaced}`);
      } catch (error) {
        const { message } = error as Error;
        const why = message.includes('Could not set lock')
          ? 'the history that is there is in use: stop the server that runs on this folder'
          : message;
        shell.fail(`${file} was not imported: ${why}`);
      }
    });
}
