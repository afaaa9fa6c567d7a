import type { Command } from 'commander';
import { examples } from '../output/examples.js';
import { counted } from '../output/words.js';
import { path } from '../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';
import { readTexts } from './definition-files.js';

interface Flags extends ServerFlags {
  readonly json?: true;
}

export function registerApply(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('apply')
      .description(
        'Send files of definitions to a server, which checks them: all take effect, or none when one is wrong.',
      )
      .argument('<file...>', 'YAML documents, each with its kind; they may name what was applied before'),
  )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola apply definitions.yaml', 'declare models, budgets, rules, routes'],
        ['moola apply one-more-rule.yaml', 'add to what was applied before'],
        ['moola apply definitions.yaml --environment staging', 'in another environment than "live"'],
      ),
    )
    .action(async (names: string[], flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { texts, problems } = readTexts(names);
      if (problems.length > 0) return refused(shell, flags, problems);
      // One request, so that all of the files take effect or none. The server knows what they may name.
      const at = path('environments', flags.environment, 'definitions');
      const answer = await server.post<{ applied: string[]; unchanged?: string[] }>(at, { files: texts });
      if (!answer.ok && answer.status === 400) return refused(shell, flags, answer.problem.split('\n'));
      if (!answer.ok) return shell.fail(answer.problem);
      // Servers of earlier versions write all that they are sent.
      const { applied, unchanged = [] } = answer.value;
      const { environment } = flags;
      if (flags.json) return shell.json({ ok: true, environment, applied, unchanged, problems: [] });
      for (const each of applied) shell.print(`applied ${each}`);
      for (const each of unchanged) shell.print(`unchanged ${each}`);
      shell.print(`${counted(applied.length + unchanged.length, 'definition')} in environment ${environment}`);
    });
}

function refused(shell: Shell, flags: Flags, problems: readonly string[]): void {
  if (flags.json) {
    shell.json({ ok: false, environment: flags.environment, applied: [], unchanged: [], problems });
    shell.exitCode = 1;
    return;
  }
  for (const problem of problems) shell.note(problem);
  shell.fail(`${counted(problems.length, 'problem')}: nothing was applied`);
}
