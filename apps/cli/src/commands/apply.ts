import type { Command } from 'commander';
import { examples } from '../output/examples.js';
import { counted } from '../output/words.js';
import { path } from '../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';
import { checkFiles } from './definition-files.js';

export function registerApply(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('apply')
      .description('Check files of definitions and send them to a server: all of them, or none when one is wrong.')
      .argument('<file...>', 'YAML documents, each with its kind'),
  )
    .addHelpText(
      'after',
      examples(
        ['moola apply definitions.yaml', 'declare models, budgets, rules, routes'],
        ['moola apply definitions.yaml --environment staging', 'somewhere else than in "live"'],
      ),
    )
    .action(async (names: string[], flags: ServerFlags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const checked = checkFiles(names);
      if (!checked.ok) {
        for (const problem of checked.problems) shell.note(problem);
        return shell.fail(`${counted(checked.problems.length, 'problem')}: nothing was applied`);
      }
      // One request, so that all of the files take effect or none.
      const yaml = checked.files.map(({ text }) => text).join('\n---\n');
      const answer = await server.post<{ applied: string[] }>(path('environments', flags.environment, 'definitions'), {
        file: names.join(', '),
        yaml,
      });
      if (!answer.ok) return shell.fail(answer.problem);
      for (const applied of answer.value.applied) shell.print(`applied ${applied}`);
      shell.print(`${counted(answer.value.applied.length, 'definition')} in environment ${flags.environment}`);
    });
}
