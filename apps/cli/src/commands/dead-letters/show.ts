import type { OpenedDeadLetterView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { fields } from '../../output/table.js';
import { printable } from '../../output/printable.js';
import { bytes, instant } from '../../output/words.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { deadLettersPath } from './path.js';

export function registerShow(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('show')
      .description('Show a dead letter with the original that was refused: as base64 if it is not text.')
      .argument('<id>', 'its id, as `moola dead-letters list` shows it'),
  )
    .option('--json', 'print JSON')
    .option('--raw', 'print the original only, byte for byte')
    .addHelpText(
      'after',
      examples(
        ['moola dead-letters show 5f0c', 'why it was refused, and what it was'],
        ['moola dead-letters show 5f0c --raw > body.json', 'the original, to mend it and send it again'],
      ),
    )
    .action(async (id: string, flags: ServerFlags & { json?: true; raw?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<OpenedDeadLetterView>(deadLettersPath(flags.environment, id));
      if (!answer.ok) return shell.fail(answer.problem);
      const letter = answer.value;
      if (flags.json) return shell.json(letter);
      const { payload } = letter;
      if (flags.raw) {
        const original = 'text' in payload ? payload.text : Buffer.from(payload.base64, 'base64');
        shell.dependencies.stdout.write(original);
        return;
      }
      shell.print(head(shell, letter));
      shell.print('');
      shell.print('text' in payload ? printable(payload.text).trimEnd() : payload.base64);
    });
}

function head(shell: Shell, letter: OpenedDeadLetterView): string {
  return fields(shell, [
    ['id', printable(letter.id)],
    ['time', `${instant(letter.atMs)} UTC`],
    ['times', letter.times === 1 ? null : String(letter.times)],
    ['origin', printable(letter.origin)],
    ['reason', letter.reason],
    ['detail', printable(letter.detail)],
    ['encoding', printable(letter.encoding)],
    ['size', bytes(letter.size)],
  ]);
}
