import type { DefinitionView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { appliedBy } from './applied-by.js';
import { definitionsPath, kindArgument, nameArgument } from './path.js';

export function registerShow(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('show')
      .description('Show a definition in force as YAML, every field stated. `moola apply` takes it.')
      .argument(...kindArgument)
      .argument(...nameArgument),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola definitions show model churn > churn.yaml', 'to change and apply again']))
    .action(async (kind: string, name: string, flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<DefinitionView>(definitionsPath(flags.environment, kind, name));
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) shell.json(answer.value);
      else {
        const { version, author, authorAuthenticated, yaml } = answer.value;
        const who = author === '' ? '' : `, applied by ${appliedBy(author, authorAuthenticated)}`;
        shell.print(`# version ${version}${who}`.replaceAll('\n', ' '));
        shell.print(yaml.trimEnd());
      }
    });
}
