import type { StoredTask } from '@moola/standalone/tasks-administration';
import type { Command } from 'commander';
import { printable } from '../../output/printable.js';
import { table, type Column } from '../../output/table.js';
import { bytes } from '../../output/words.js';
import type { Shell } from '../../shell/shell.js';

interface Flags {
  readonly json?: true;
}

export function registerList(parent: Command, shell: Shell): void {
  parent
    .command('list')
    .description('List the tasks that Redis knows, with their checkpoints.')
    .argument('[prefix]', 'only those whose names begin so', 'moola.')
    .option('--json', 'print JSON')
    .action(async (prefix: string, flags: Flags) => {
      const answer = await shell.dependencies.operations.listTasks(prefix, shell.env);
      if (!answer.ok) return shell.fail(answer.problems.join('\nmoola: '));
      if (flags.json) return shell.json({ tasks: answer.tasks });
      if (answer.tasks.length === 0) return shell.print(`no tasks whose names begin with ${prefix}`);
      shell.print(table(shell, answer.tasks, columns));
    });
}

const columns: readonly Column<StoredTask>[] = [
  { title: 'TASK', cell: ({ task }) => printable(task) },
  { title: 'POSITION', side: 'right', cell: ({ position }) => String(position) },
  { title: 'CHECKPOINTS', side: 'right', cell: ({ sequence }) => String(sequence) },
  { title: 'ENTRIES', side: 'right', cell: ({ entries }) => String(entries) },
  { title: 'SIZE', side: 'right', cell: ({ bytes: size }) => bytes(size) },
];
