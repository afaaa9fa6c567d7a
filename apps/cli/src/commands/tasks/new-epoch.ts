import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';

export function registerNewEpoch(parent: Command, shell: Shell): void {
  parent
    .command('new-epoch')
    .description(
      'Let a task read its input topic from the beginning, because the topic was recreated; its state is kept. For every ' +
        'partition of the topic. Never for a topic that is still the old one: all that it holds would count again.',
    )
    .argument('<task>', 'as "moola tasks list" names it')
    .action(async (task: string) => {
      const answer = await shell.dependencies.operations.newEpoch(task, shell.env);
      if (!answer.ok) return shell.fail(answer.problems.join('\nmoola: '));
      shell.print(
        `${task} begins epoch ${answer.epoch} with the ${answer.keptEntries} entries of its state; restart the service if it has stopped`,
      );
    });
}
