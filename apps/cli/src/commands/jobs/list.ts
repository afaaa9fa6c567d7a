import type { JobSummaryView } from '@moola/standalone/console-views';
import { Option, type Command } from 'commander';
import { countOption } from '../../options/parsers.js';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { storyTimes, type StoryTimes } from '../../output/story-times.js';
import { printPage } from '../../output/page.js';
import type { Column } from '../../output/table.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { duration, memory, state, steps } from './words.js';

interface Flags extends ServerFlags {
  readonly model?: string;
  readonly state?: string;
  readonly limit: number;
  readonly json?: true;
}

export function registerList(parent: Command, shell: Shell): void {
  withServer(parent.command('list').description('List training jobs: stalled and failed ones first, then the newest.'))
    .option('--model <name>', 'only those of this model')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(['stalled', 'failed', 'running', 'finished']),
    )
    .addOption(new Option('--limit <number>', 'how many at most, up to 1000').argParser(countOption).default(50))
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola jobs list --state running', 'what is being trained']))
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { environment, model, state: only, limit } = flags;
      const query = new URLSearchParams({
        limit: String(limit),
        ...(model !== undefined && { model }),
        ...(only !== undefined && { state: only }),
      });
      const answer = await server.page<JobSummaryView>(
        `${path('environments', environment, 'jobs')}?${query.toString()}`,
      );
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value.rows);
      const nothing = `no training jobs${only === undefined ? '' : ` that are ${only}`} in environment ${environment}`;
      await printPage(shell, answer.value, async () => columns(shell, await storyTimes(server, environment)), nothing);
    });
}

function columns(shell: Shell, times: StoryTimes): Column<JobSummaryView>[] {
  return [
    { title: 'MODEL', cell: ({ model }) => printable(model) },
    { title: 'JOB', cell: ({ job }) => printable(job) },
    { title: 'STATE', cell: (each) => each.state, style: (each, cell) => state(shell, each.state, cell) },
    { title: 'STEP', cell: steps },
    { title: 'LEFT', cell: ({ timeLeftMs }) => duration(timeLeftMs) },
    { title: 'MEMORY', cell: memory },
    { title: times.heading('HEARD'), cell: ({ heardMs }) => times.at(heardMs) },
  ];
}
