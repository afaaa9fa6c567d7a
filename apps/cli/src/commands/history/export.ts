import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

export function registerExport(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('export')
      .description('Copy all of history into a file, while the server runs: for another instance.'),
  )
    .argument('<file>', 'a DuckDB file that does not exist yet')
    .addHelpText('after', examples(['moola history export live.duckdb', 'keep it, or give it to another console']))
    .action(async (file: string, flags: ServerFlags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.file(path('environments', flags.environment, 'history-file'), file);
      if (!answer.ok) return shell.fail(answer.problem);
      shell.note(`wrote ${answer.value.toLocaleString('en')} bytes to ${file}`);
    });
}
