import type { MeasurementView } from '@moola/standalone/console-views';
import { measurementMetrics } from '@moola/metrics/subjects/measurements';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { storyTimes, type StoryTimes } from '../../output/story-times.js';
import { fields } from '../../output/table.js';
import { counted } from '../../output/words.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { figureText } from '../../output/figure-text.js';

export function registerShow(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('show')
      .description('Show a measurement of a model.')
      .argument('<model>', 'the model')
      .argument('<measurement>', 'its name, as `moola measurements list` shows it'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['moola measurements show Fraud revenue', 'what it came to in the last hour']))
    .action(async (model: string, name: string, flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { environment } = flags;
      const query = new URLSearchParams({ model, name });
      const answer = await server.page<MeasurementView>(
        `${path('environments', environment, 'measurements')}?${query.toString()}`,
      );
      if (!answer.ok) return shell.fail(answer.problem);
      const [found] = answer.value.rows;
      if (found === undefined)
        return shell.fail(
          `model "${model}" has no measurement "${name}" (one of which nothing was heard for a week is forgotten; moola measurements list)`,
        );
      if (flags.json) return shell.json(found);
      shell.print(view(shell, found, await storyTimes(server, environment)));
    });
}

function view(shell: Shell, row: MeasurementView, times: StoryTimes): string {
  const { measurement, model, unit, values, valuesOfOtherUnit, otherUnit, late, startedMs, heardMs } = row;
  return fields(shell, [
    ['measurement', shell.style('bold', printable(measurement))],
    ['model', printable(model)],
    ['unit', unit === '' ? null : printable(unit)],
    ...measurementMetrics.map(({ name, title, ofWindow }): [string, string] => [
      title.toLowerCase() + (ofWindow ? ', 1h' : ''),
      figureText(row.figures, name),
    ]),
    ['counted', counted(values, 'value')],
    [
      'other unit',
      valuesOfOtherUnit === 0 ? null : `${counted(valuesOfOtherUnit, 'value')} in ${printable(otherUnit)}: not counted`,
    ],
    ['late', late === 0 ? null : `${counted(late, 'value')} too late for every window`],
    ['first value', times.zoned(startedMs)],
    ['latest value', times.zoned(heardMs)],
  ]);
}
