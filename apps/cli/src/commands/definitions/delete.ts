import type { DefinitionsDeletedView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { definitionsPath, kindArgument, nameArgument } from './path.js';

export function registerDelete(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('delete')
      .description(
        'Delete a definition. With a model go the rules, value, playbook and infrastructure that name it; its alerts and incidents end.',
      )
      .argument(...kindArgument)
      .argument(...nameArgument),
  )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola definitions delete rule ChurnSilent', 'its alert ends; budget lines that it stood in for alert again'],
        ['moola definitions delete model churn', 'a model that is no longer run'],
      ),
    )
    .action(async (kind: string, name: string, flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.delete<DefinitionsDeletedView>(definitionsPath(flags.environment, kind, name));
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value);
      const { deleted, kept } = answer.value;
      for (const each of deleted) shell.print(`deleted ${each}`);
      for (const each of kept)
        shell.note(`kept ${each}, through which people hear that its incidents are over: delete it when they are`);
    });
}
