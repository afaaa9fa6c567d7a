import type { IncidentSummaryView } from '@moola/standalone/console-views';
import { Option, type Command } from 'commander';
import { countOption } from '../../options/parsers.js';
import { examples } from '../../output/examples.js';
import { table, type Column } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { storyTimes, type StoryTimes } from '../../output/story-times.js';
import { cost, severity, shellWord } from '../../output/words.js';
import { hintOfOthers, incidentsPath } from '../../server/elsewhere.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

interface Flags extends ServerFlags {
  readonly open?: true;
  readonly model?: string;
  readonly limit: number;
  readonly before?: string;
  readonly json?: true;
}

export function registerList(parent: Command, shell: Shell): void {
  withServer(parent.command('list').description('List incidents, the newest first.'))
    .option('--open', 'only those that are not resolved')
    .option('--model <name>', 'only those of this model')
    .addOption(new Option('--limit <number>', 'how many at most, up to 1000').argParser(countOption).default(50))
    .option('--before <incident>', 'only those listed after this one: the next page')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola incidents list', 'all of environment "live"'],
        ['moola incidents list --open --environment example', 'what is open in the example'],
        ['moola incidents list --before Fraud~AccuracyDrop~1', 'the ones after this one'],
      ),
    )
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { environment } = flags;
      const answer = await server.page<IncidentSummaryView>(
        `${incidentsPath(environment)}?${queryOf(flags).toString()}`,
      );
      if (!answer.ok) return shell.fail(answer.problem);
      const { rows, total, next } = answer.value;
      if (flags.json) shell.json(rows);
      else if (rows.length > 0) shell.print(table(shell, rows, columns(shell, await storyTimes(server, environment))));
      else shell.print(none(flags));
      if (next !== null) shell.note(`${rows.length} of ${total}: add --before ${shellWord(next)} for the next ones`);
      if (total > 0 || flags.open !== undefined || flags.model !== undefined) return;
      const hint = await hintOfOthers(server, environment);
      if (hint !== null) shell.note(hint);
    });
}

function queryOf({ open, model, limit, before }: Flags): URLSearchParams {
  return new URLSearchParams({
    limit: String(limit),
    ...(open && { state: 'open' }),
    ...(model !== undefined && { model }),
    ...(before !== undefined && { before }),
  });
}

function none({ open, model, before, environment }: Flags): string {
  if (before !== undefined) return `no incidents after ${printable(before)} in environment ${environment}`;
  const of = model === undefined ? '' : ` of model "${printable(model)}"`;
  return `no ${open ? 'open ' : ''}incidents${of} in environment ${environment}`;
}

function columns(shell: Shell, times: StoryTimes): Column<IncidentSummaryView>[] {
  return [
    { title: 'INCIDENT', cell: ({ id }) => printable(id) },
    { title: 'SEVERITY', cell: (each) => each.severity, style: (each, cell) => severity(shell, each.severity, cell) },
    { title: 'STATE', cell: ({ state }) => state },
    { title: 'TIER', cell: ({ tier }) => tier },
    { title: times.heading('OPENED'), cell: ({ openedAtMs }) => times.at(openedAtMs) },
    { title: 'COST', side: 'right', cell: cost },
    {
      title: 'TITLE',
      cell: ({ title, breachAtMs, openedAtMs }) =>
        `${printable(title)}, ${times.since(breachAtMs, openedAtMs, 'bare')}`,
    },
  ];
}
