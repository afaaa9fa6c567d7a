import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { fileProblem } from '../options/files.js';
import { examples } from '../output/examples.js';
import { printable } from '../output/printable.js';
import { incidentsPath, withHint } from '../server/elsewhere.js';
import { connect, withServer, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';

interface Flags extends ServerFlags {
  readonly output?: string;
  readonly json?: true;
}

export function registerPostmortem(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('postmortem')
      .description('Print the post-mortem of a resolved incident, in Markdown.')
      .argument('<incident>', 'its id, as `moola incidents list` shows it'),
  )
    .option('--output <file>', 'write it there instead')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola postmortem Fraud~AccuracyDrop~1', 'read it'],
        ['moola postmortem Fraud~AccuracyDrop~1 --output review.md', 'keep it'],
      ),
    )
    .action(async (incident: string, flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const asked = await server.text(incidentsPath(flags.environment, incident, 'post-mortem'));
      const answer = await withHint(server, flags.environment, incident, asked);
      if (!answer.ok) return shell.fail(answer.problem);
      const markdown = answer.value;
      const text = flags.json ? `${JSON.stringify({ incident, markdown }, null, 2)}\n` : markdown;
      if (flags.output === undefined) return shell.print((flags.json ? text : printable(text)).trimEnd());
      try {
        writeFileSync(flags.output, text);
        shell.print(`wrote ${flags.output}`);
      } catch (error) {
        shell.fail(`cannot write ${flags.output}: ${fileProblem(error)}`);
      }
    });
}
