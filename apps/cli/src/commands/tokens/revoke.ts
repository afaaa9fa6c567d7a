import type { TokenView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { path } from '../../server/moola-server.js';
import { connect, withAddress, type AddressFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

export function registerRevoke(parent: Command, shell: Shell): void {
  withAddress(
    parent
      .command('revoke')
      .description('Revoke an API token, for good. It counts in every process within seconds.')
      .argument('<token>', 'its beginning as `moola tokens list` shows it, or the name if it has one token in force'),
  )
    .addHelpText(
      'after',
      examples(
        ['moola tokens revoke moola_3f9ac04be571', 'that token'],
        ['moola tokens revoke maria', 'the one token of maria'],
      ),
    )
    .action(async (wanted: string, flags: AddressFlags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const all = await server.get<TokenView[]>('tokens');
      if (!all.ok) return shell.fail(all.problem);
      const found = find(all.value, wanted);
      if (typeof found === 'string') return shell.fail(found);
      const answer = await server.delete<TokenView>(path('tokens', found.id));
      if (!answer.ok) return shell.fail(answer.problem);
      shell.print(`revoked ${printable(found.prefix)}… of ${printable(found.name)}`);
    });
}

/** By its beginning, by its whole text, or by a name. @returns what is wrong, in words, when none is meant clearly */
function find(tokens: readonly TokenView[], wanted: string): TokenView | string {
  const beginning = wanted.replace(/…$/, '');
  const byText = tokens.find(({ id, prefix }) => [id, prefix].includes(beginning) || wanted.startsWith(`${prefix}_`));
  if (byText !== undefined) return byText;
  const named = tokens.filter(({ name, state }) => name === wanted && state === 'in force');
  const [first] = named;
  if (first === undefined) return `no token "${wanted}" is in force: moola tokens list has those that are`;
  if (named.length === 1) return first;
  return `${wanted} has ${named.length} tokens: say which, ${named.map(({ prefix }) => prefix).join(' or ')}`;
}
