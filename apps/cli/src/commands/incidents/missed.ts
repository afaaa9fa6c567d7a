import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { instantOption } from '../../options/parsers.js';
import { examples } from '../../output/examples.js';
import { actorAt, declaredIn } from '../../server/actor.js';
import { path } from '../../server/moola-server.js';
import { connect } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { answerOf, withCommand, type CommandFlags } from './command.js';

interface Flags extends CommandFlags {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly rule: string;
  readonly note: string;
}

export function registerMissed(parent: Command, shell: Shell): void {
  withCommand(
    parent
      .command('missed')
      .description('Report that something was wrong with a model, and no alert fired.')
      .requiredOption('--model <name>', 'the model')
      .requiredOption('--from <time>', 'when it began', instantOption)
      .requiredOption('--to <time>', 'when it was over', instantOption)
      .option('--rule <name>', 'the rule that should have fired', '')
      .option('--note <text>', 'what was wrong', ''),
  )
    .addHelpText(
      'after',
      examples([
        'moola incidents missed --model Fraud --from 2026-01-31T12:00:00Z --to 2026-01-31T14:00:00Z --rule AccuracyDrop',
        'two hours without an alert',
      ]),
    )
    .action(async (flags: Flags) => {
      const { model, rule, note, environment } = flags;
      if (flags.to <= flags.from) return shell.misuse('--to must be after --from');
      const server = connect(shell, flags);
      if (server === null) return;
      const actor = await actorAt(server, shell.dependencies.user, flags.as);
      if (!actor.ok) return shell.fail(actor.problem);
      const id = randomUUID();
      const [from, to] = [flags.from, flags.to].map((timeMs) => new Date(timeMs).toISOString());
      const body = { id, model, from, to, rule, note, ...declaredIn(actor.value) };
      const sent = await server.post<unknown>(path('environments', environment, 'missed-incidents'), body);
      if (!sent.ok) return shell.fail(sent.problem);
      const answer = await answerOf(server, flags, id, actor.value, 'moola alerts quality');
      if (answer.ok) shell.print(`reported as ${answer.value.who}: ${rule || 'an alert'} of ${model} was missed`);
      else shell.fail(answer.problem);
    });
}
