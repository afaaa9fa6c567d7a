import type { IncidentSummaryView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { table, type Column } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { cost, instant, severity } from '../../output/words.js';
import { hintOfOthers, incidentsPath } from '../../server/elsewhere.js';
import { sinceText } from '@moola/wording/headline';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

interface Flags extends ServerFlags {
  readonly open?: true;
  readonly model?: string;
  readonly json?: true;
}

export function registerList(parent: Command, shell: Shell): void {
  withServer(parent.command('list').description('List incidents, the newest first.'))
    .option('--open', 'only those that are not resolved')
    .option('--model <name>', 'only those of this model')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola incidents list', 'all of environment "live"'],
        ['moola incidents list --open --environment example', 'what is open in the example'],
      ),
    )
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<IncidentSummaryView[]>(incidentsPath(flags.environment));
      if (!answer.ok) return shell.fail(answer.problem);
      const incidents = answer.value.filter(
        ({ state, model }) =>
          (flags.open === undefined || state !== 'resolved') && (flags.model === undefined || model === flags.model),
      );
      if (flags.json) shell.json(incidents);
      else if (incidents.length > 0) shell.print(table(shell, incidents, columns(shell)));
      else shell.print(none(flags));
      if (answer.value.length > 0) return;
      const hint = await hintOfOthers(server, flags.environment);
      if (hint !== null) shell.note(hint);
    });
}

function none({ open, model, environment }: Flags): string {
  const of = model === undefined ? '' : ` of model "${printable(model)}"`;
  return `no ${open ? 'open ' : ''}incidents${of} in environment ${environment}`;
}

function columns(shell: Shell): Column<IncidentSummaryView>[] {
  return [
    { title: 'INCIDENT', cell: ({ id }) => printable(id) },
    { title: 'SEVERITY', cell: (each) => each.severity, style: (each, cell) => severity(shell, each.severity, cell) },
    { title: 'STATE', cell: ({ state }) => state },
    { title: 'TIER', cell: ({ tier }) => tier },
    { title: 'OPENED (UTC)', cell: ({ openedAtMs }) => instant(openedAtMs) },
    { title: 'COST', side: 'right', cell: cost },
    {
      title: 'TITLE',
      cell: ({ title, breachAtMs, openedAtMs }) => `${printable(title)}, ${sinceText(breachAtMs, openedAtMs)}`,
    },
  ];
}
