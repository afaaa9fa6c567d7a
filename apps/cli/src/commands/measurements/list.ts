import type { MeasurementView } from '@moola/standalone/console-views';
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
import { figureText } from '../../output/figure-text.js';
import { nameOf } from './words.js';

interface Flags extends ServerFlags {
  readonly model?: string;
  readonly limit: number;
  readonly json?: true;
}

export function registerList(parent: Command, shell: Shell): void {
  withServer(parent.command('list').description('List measurements, with their figures over the last hour.'))
    .option('--model <name>', 'only those of this model')
    .addOption(new Option('--limit <number>', 'how many at most, up to 1000').argParser(countOption).default(50))
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola measurements list --model Fraud', 'what is measured of this model']))
    .action(async (flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { environment, model, limit } = flags;
      const query = new URLSearchParams({ limit: String(limit), ...(model !== undefined && { model }) });
      const answer = await server.page<MeasurementView>(
        `${path('environments', environment, 'measurements')}?${query.toString()}`,
      );
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value.rows);
      const nothing = `no measurements in environment ${environment}`;
      await printPage(shell, answer.value, async () => columns(await storyTimes(server, environment)), nothing);
    });
}

/** What stands above the column of a metric. */
const titles = {
  measurement_last: 'LAST',
  measurement_mean: 'MEAN',
  measurement_sum: 'SUM',
  measurement_count: 'VALUES',
  measurement_minimum: 'MINIMUM',
  measurement_maximum: 'MAXIMUM',
} as const;

function columns(times: StoryTimes): Column<MeasurementView>[] {
  return [
    { title: 'MODEL', cell: ({ model }) => printable(model) },
    { title: 'MEASUREMENT', cell: nameOf },
    { title: 'UNIT', cell: ({ unit }) => (unit === '' ? '–' : printable(unit)) },
    ...Object.entries(titles).map(([metric, title]): Column<MeasurementView> => ({
      ...{ title, side: 'right' },
      cell: ({ figures }) => figureText(figures, metric),
    })),
    { title: times.heading('LATEST'), cell: ({ heardMs }) => times.at(heardMs) },
  ];
}
