import type { ChannelTest } from '@moola/standalone/notify-test';
import type { Command } from 'commander';
import { examples } from '../output/examples.js';
import { table } from '../output/table.js';
import { printable } from '../output/printable.js';
import { counted } from '../output/words.js';
import type { Shell } from '../shell/shell.js';
import { checkFiles } from './definition-files.js';

interface Flags {
  readonly definitions?: readonly string[];
  readonly json?: true;
}

export function registerNotify(parent: Command, shell: Shell): void {
  const notify = parent.command('notify').description('Test how people are notified of incidents.').helpCommand(false);
  notify
    .command('test')
    .description('Send a test message to every channel and report the results. Needs no server.')
    .option('--definitions <file...>', 'test the channels of these routes too, configured or not')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola notify test', 'the channels that MOOLA_CHANNEL_… configure in this shell'],
        ['moola notify test --definitions definitions.yaml', 'and those that routes name: does any lack its settings?'],
      ),
    )
    .action((flags: Flags) => test(shell, flags));
}

async function test(shell: Shell, flags: Flags): Promise<void> {
  const checked = checkFiles(flags.definitions ?? []);
  if (!checked.ok) {
    for (const problem of checked.problems) shell.note(problem);
    return shell.fail(`${counted(checked.problems.length, 'problem')}: nothing was sent`);
  }
  const routes = checked.files.flatMap(({ definitions }) => definitions);
  const named = routes.flatMap(({ kind }) => (kind.case === 'route' ? kind.value.channels : []));
  const { operations, stderr } = shell.dependencies;
  const result = await operations.notifyTest({ named, env: shell.env, terminal: stderr });
  if (!result.ok) {
    for (const problem of result.problems) shell.note(problem);
    return shell.fail(`${counted(result.problems.length, 'problem')} in the settings of channels: nothing was sent`);
  }
  const { tests } = result;
  if (flags.json) shell.json(tests);
  else if (tests.length === 0) shell.print(nothingToTest);
  else shell.print(table(shell, tests, columns(shell)));
  const lost = tests.filter(({ delivered }) => !delivered);
  if (lost.length > 0) shell.fail(`${counted(lost.length, 'channel')} of ${tests.length} did not take the message`);
}

const nothingToTest =
  'no channel is configured: notifications go to the terminal. docs/notifications.md says how to configure one';

const columns = (shell: Shell) => [
  { title: 'CHANNEL', cell: ({ channel }: ChannelTest) => printable(channel) },
  {
    title: 'RESULT',
    cell: resultOf,
    style: (each: ChannelTest, cell: string) => shell.style(each.delivered ? 'green' : 'red', cell),
  },
  { title: 'DETAIL', cell: ({ detail }: ChannelTest) => printable(detail) },
];

function resultOf({ by, delivered }: ChannelTest): string {
  if (!delivered) return 'failed';
  return by === 'channel' ? 'delivered' : 'not configured: terminal';
}
