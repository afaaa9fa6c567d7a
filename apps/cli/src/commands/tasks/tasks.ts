import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import type { Shell } from '../../shell/shell.js';
import { registerList } from './list.js';
import { registerNewEpoch } from './new-epoch.js';

export function registerTasks(parent: Command, shell: Shell): void {
  const tasks = parent
    .command('tasks')
    .description(
      'See how far the tasks of a distributed installation are, and let one start over with a recreated topic.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(
        ['moola tasks list', 'every task that Redis knows'],
        ['moola tasks new-epoch moola.live/tracker/0', 'after its input topic was recreated'],
      ),
    );
  registerList(tasks, shell);
  registerNewEpoch(tasks, shell);
}
