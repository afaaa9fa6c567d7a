import type { Command } from 'commander';
import { fileRefusal } from '../options/files.js';
import { logSettings, withLogOptions, type LogFlags } from '../options/log-options.js';
import { durationOption } from '../options/parsers.js';
import { examples } from '../output/examples.js';
import type { Shell } from '../shell/shell.js';

interface Flags extends LogFlags {
  readonly log: string;
  readonly definitions: string;
  readonly against?: string;
  readonly truth?: string;
  readonly grace?: number;
}

export function registerBacktest(parent: Command, shell: Shell): void {
  const command = parent
    .command('backtest')
    .description(
      'Try definitions on a log: which alerts there would have been, how good they are, and how others differ. ' +
        'Nothing runs beside it and nobody is notified. docs/backtest.md has more.',
    )
    .requiredOption('--definitions <file>', 'the models, their budgets and rules (YAML)')
    .requiredOption('--log <file>', 'CSV, NDJSON (.gz is fine) or Parquet, as moola replay reads them')
    .option('--against <file>', 'other definitions: how do their alerts differ?')
    .option('--truth <file>', 'when models really were bad (CSV: model,from,to[,rule]): precision, recall, delay')
    .option('--grace <duration>', 'with --truth: so long after such a time its alert may still fire', durationOption);
  withLogOptions(command, 'how often rules are evaluated')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      examples(
        ['moola backtest --definitions models.yaml --log log.parquet', 'which alerts there would have been'],
        [
          'moola backtest --definitions new.yaml --against old.yaml --log log.csv.gz',
          'what a change of limits changes',
        ],
        [
          'moola backtest --definitions models.yaml --log log.csv --truth bad-times.csv --grace 30m',
          'precision, recall and delay of each rule',
        ],
      ),
    )
    .action(async (flags: Flags) => {
      const files = [flags.log, flags.definitions, flags.against, flags.truth, flags.releases];
      const unreadable = files.map(fileRefusal).find((each) => each !== null);
      if (unreadable !== undefined) return shell.fail(unreadable);
      if (flags.grace !== undefined && flags.truth === undefined)
        return shell.misuse('--grace says how alerts are held against --truth: give both, or none');
      shell.exitCode = await shell.dependencies.operations.backtest({
        ...logSettings(flags),
        log: flags.log,
        definitions: flags.definitions,
        against: flags.against ?? null,
        truth: flags.truth ?? null,
        graceMs: flags.grace ?? 0,
        stdout: shell.dependencies.stdout,
        stderr: shell.dependencies.stderr,
      });
    });
}
