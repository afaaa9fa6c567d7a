import type { Command } from 'commander';
import { examples, exitCodes } from '../output/examples.js';
import { counted } from '../output/words.js';
import { actorAt, asOption, declaredIn } from '../server/actor.js';
import { path } from '../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';
import { exitCodeOf, readTexts, type ProblemKind } from './definition-files.js';

interface Flags extends ServerFlags {
  readonly as?: string;
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
    .option(...asOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      exitCodes(
        'all are applied, or in force already',
        'a file or the server could not be read',
        'definitions have problems: nothing was applied',
      ),
    )
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
      if (problems.length > 0) return refused(shell, flags, problems, 'unreadable');
      const actor = await actorAt(server, shell.dependencies.user, flags.as);
      if (!actor.ok) return shell.fail(actor.problem);
      // One request, so that all of the files take effect or none. The server knows what they may name.
      const at = path('environments', flags.environment, 'definitions');
      const answer = await server.post<{ applied: string[]; unchanged?: string[] }>(at, {
        ...{ files: texts, ...declaredIn(actor.value) },
      });
      if (!answer.ok && answer.status === 400) return refused(shell, flags, answer.problem.split('\n'), 'wrong');
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

function refused(shell: Shell, flags: Flags, problems: readonly string[], are: ProblemKind): void {
  if (flags.json) {
    shell.json({ ok: false, environment: flags.environment, applied: [], unchanged: [], problems });
    shell.exitCode = exitCodeOf[are];
    return;
  }
  for (const problem of problems) shell.note(problem);
  shell.refuse(`${counted(problems.length, 'problem')}: nothing was applied`);
  shell.exitCode = exitCodeOf[are];
}
