import type { DefinitionView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { table } from '../../output/table.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { appliedBy } from './applied-by.js';
import { definitionsPath } from './path.js';

export function registerList(parent: Command, shell: Shell): void {
  withServer(parent.command('list').description('List what is in force, by kind and name.'))
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola definitions list', 'all of environment "live"']))
    .action(async (flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<DefinitionView[]>(definitionsPath(flags.environment));
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value);
      if (answer.value.length === 0)
        return shell.print(`nothing is defined in environment ${flags.environment}: moola apply FILE defines it`);
      shell.print(
        table(shell, answer.value, [
          { title: 'KIND', cell: ({ kind }) => kind },
          { title: 'VERSION', side: 'right', cell: ({ version }) => String(version) },
          { title: 'APPLIED BY', cell: ({ author, authorAuthenticated }) => appliedBy(author, authorAuthenticated) },
          { title: 'NAME', cell: ({ name }) => printable(name) },
        ]),
      );
    });
}
