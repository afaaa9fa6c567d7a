import type { TokenView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { table } from '../../output/table.js';
import { instant } from '../../output/words.js';
import { connect, withAddress, type AddressFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

export function registerList(parent: Command, shell: Shell): void {
  withAddress(parent.command('list').description('List API tokens in force, the newest first. Never their texts.'))
    .option('--all', 'also those that were revoked or have expired')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(['moola tokens list', 'who may do what'], ['moola tokens list --all', 'and who might']),
    )
    .action(async (flags: AddressFlags & { all?: true; json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<TokenView[]>('tokens');
      if (!answer.ok) return shell.fail(answer.problem);
      const tokens = answer.value.filter(({ state }) => flags.all === true || state === 'in force');
      if (flags.json) return shell.json(tokens);
      if (tokens.length === 0) return shell.print('no API token is in force: moola tokens create makes one');
      shell.print(
        table(shell, tokens, [
          { title: 'TOKEN', cell: ({ prefix }) => `${printable(prefix)}…` },
          { title: 'NAME', cell: ({ name }) => printable(name) },
          { title: 'ROLE', cell: ({ role }) => role },
          { title: 'ENVIRONMENTS', cell: ({ environments }) => printable(environments?.join(', ') ?? 'all') },
          { title: 'MADE (UTC)', cell: ({ createdAtMs }) => instant(createdAtMs) },
          { title: 'BY', cell: ({ createdBy }) => printable(createdBy) },
          { title: 'STATE', cell: stateText },
        ]),
      );
    });
}

function stateText({ state, expiresAtMs, revokedAtMs, revokedBy }: TokenView): string {
  const end = expiresAtMs === null ? 'for ever' : instant(expiresAtMs);
  switch (state) {
    case 'in force':
      return expiresAtMs === null ? 'for ever' : `until ${end}`;
    case 'expired':
      return `expired ${end}`;
    case 'revoked':
      return `revoked ${instant(revokedAtMs ?? 0)} by ${printable(revokedBy)}`;
  }
}
