import type { CreatedTokenView } from '@moola/standalone/console-views';
import { Option, type Command } from 'commander';
import { lifetimeOption } from '../../options/parsers.js';
import { examples } from '../../output/examples.js';
import { instant } from '../../output/words.js';
import { connect, withAddress, type AddressFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

interface Flags extends AddressFlags {
  readonly role: string;
  readonly environment?: readonly string[];
  readonly expires: number | 'never';
  readonly json?: true;
}

export function registerCreate(parent: Command, shell: Shell): void {
  withAddress(
    parent
      .command('create')
      .description('Make an API token. Its text is printed this once, on standard output, and kept nowhere.')
      .argument('<name>', 'of the person or program that holds it: who stands in timelines')
      .addOption(
        new Option('--role <role>', 'what it may do')
          .choices(['viewer', 'operator', 'admin', 'ingest'])
          .makeOptionMandatory(),
      )
      .addOption(
        new Option(
          '--environment <name>',
          'good for this environment only; may be given again (default: all)',
        ).argParser((name: string, before: readonly string[] = []) => [...before, name]),
      )
      .addOption(
        new Option('--expires <duration>', 'how long it is good for, such as 12h or 30d, or never')
          .argParser(lifetimeOption)
          .default(90 * 86_400_000, '90d'),
      ),
  )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['moola tokens create maria --role operator', 'for a person on call'],
        ['moola tokens create checkout --role ingest --environment live', 'for a producer'],
        ['moola tokens create prometheus --role viewer --expires never', 'for a scraper'],
      ),
    )
    .action(async (name: string, flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const expiresAtMs = flags.expires === 'never' ? null : Date.now() + flags.expires;
      const { role, environment: environments = null } = flags;
      const answer = await server.post<CreatedTokenView>('tokens', { name, role, environments, expiresAtMs });
      if (!answer.ok) return shell.fail(answer.problem);
      const { token, prefix } = answer.value;
      if (flags.json) return shell.json(answer.value);
      shell.note(
        `${prefix}… of ${name}: role ${role}, ${environments === null ? 'every environment' : environments.join(', ')}, ` +
          `${expiresAtMs === null ? 'for ever' : `until ${instant(expiresAtMs)} UTC`}. Keep it: it is not shown again.`,
      );
      shell.print(token);
    });
}
