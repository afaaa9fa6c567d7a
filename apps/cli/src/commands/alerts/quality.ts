import type { AlertQualityView, RuleQualityView } from '@moola/standalone/console-views';
import { percent } from '@moola/wording/numbers';
import type { Command } from 'commander';
import { examples } from '../../output/examples.js';
import { table } from '../../output/table.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';

export function registerQuality(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('quality')
      .description('How often each rule was wrong, by the verdicts on its incidents and the reports of missed ones.')
      .option('--json', 'print what the API answers'),
  )
    .addHelpText('after', examples(['moola alerts quality', 'false positives and false negatives of each rule']))
    .action(async (flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const asked = await server.get<AlertQualityView>(path('environments', flags.environment, 'alert-quality'));
      if (!asked.ok) return shell.fail(asked.problem);
      if (flags.json) return shell.json(asked.value);
      const { rules, targets } = asked.value;
      if (rules.length === 0) return shell.print('no incident was opened, and none reported as missed');
      const style = (rate: number | null, target: number, cell: string) =>
        rate !== null && rate >= target ? shell.style('red', cell) : cell;
      shell.print(
        table(shell, rules, [
          { title: 'MODEL', cell: ({ model }) => model },
          { title: 'RULE', cell: ({ rule }) => rule || '(none named)' },
          { title: 'REAL', side: 'right', cell: ({ real }) => `${real}` },
          { title: 'FALSE', side: 'right', cell: (rule) => `${rule.false}` },
          { title: 'UNCLEAR', side: 'right', cell: ({ unclear }) => `${unclear}` },
          { title: 'UNJUDGED', side: 'right', cell: ({ unjudged }) => `${unjudged}` },
          { title: 'MISSED', side: 'right', cell: ({ missed }) => `${missed}` },
          {
            title: 'FALSE POSITIVES',
            cell: (rule) => rateText(rule.falsePositiveRate, rule.false, rule.real),
            style: (rule, cell) => style(rule.falsePositiveRate, targets.falsePositiveRate, cell),
          },
          {
            title: 'FALSE NEGATIVES',
            cell: (rule) => rateText(rule.falseNegativeRate, rule.missed, rule.real),
            style: (rule, cell) => style(rule.falseNegativeRate, targets.falseNegativeRate, cell),
          },
        ]),
      );
      shell.print(
        `targets: false positives below ${percent(targets.falsePositiveRate)}, false negatives below ${percent(targets.falseNegativeRate)}`,
      );
    });
}

/** `25 % (1 of 4)`: no rate without what it rests on. */
function rateText(rate: RuleQualityView['falsePositiveRate'], part: number, rest: number): string {
  return rate === null ? 'unknown' : `${percent(rate)} (${part} of ${part + rest})`;
}
