import { Option, type Command } from 'commander';
import { fileRefusal } from '../options/files.js';
import { durationOption, instantOption, timeZoneOption } from '../options/parsers.js';
import { examples, exitCodes } from '../output/examples.js';
import type { Shell } from '../shell/shell.js';

interface Flags {
  readonly log: string;
  readonly definitions: string;
  readonly against?: string;
  readonly truth?: string;
  readonly grace?: number;
  readonly releases?: string;
  readonly step: number;
  readonly until?: number;
  readonly model?: string;
  readonly timeZone?: string;
  readonly allowRefused?: true;
  readonly json?: true;
}

export function registerBacktest(parent: Command, shell: Shell): void {
  parent
    .command('backtest')
    .description(
      'Try definitions on a log: which alerts there would have been, how good they are, and how others differ. ' +
        'Nothing runs beside it and nobody is notified. docs/backtest.md has more.',
    )
    .requiredOption('--definitions <file>', 'the models, their budgets and rules (YAML)')
    .requiredOption('--log <file>', 'CSV, NDJSON (.gz is fine) or Parquet, as moola replay reads them')
    .option('--against <file>', 'other definitions: how do their alerts differ?')
    .option('--truth <file>', 'when models really were bad (CSV: model,from,to[,rule]): precision, recall, delay')
    .option('--grace <duration>', 'with --truth: so long after such a time its alert may still fire', durationOption)
    .option('--releases <file>', 'which version served when (CSV); without it the log itself says so')
    .addOption(
      new Option('--step <duration>', 'how often rules are evaluated').argParser(durationOption).default(60_000, '1m'),
    )
    .option('--until <time>', 'end before this time', instantOption)
    .option('--model <name>', 'the model, where the log has no column "model"; whose the releases are')
    .option('--time-zone <zone>', 'the zone of times without one: UTC, +01:00, Europe/Berlin', timeZoneOption)
    .option('--allow-refused', 'exit with 0 although rows of the log were refused')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      exitCodes(
        'it went to its end',
        'it could not run, or not to its end',
        'it went to its end without rows that were refused; 0 with --allow-refused',
      ),
    )
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
        log: flags.log,
        definitions: flags.definitions,
        against: flags.against ?? null,
        truth: flags.truth ?? null,
        graceMs: flags.grace ?? 0,
        releases: flags.releases ?? null,
        stepMs: flags.step,
        untilMs: flags.until ?? null,
        model: flags.model ?? null,
        timeZone: flags.timeZone ?? null,
        allowRefused: flags.allowRefused ?? false,
        json: flags.json ?? false,
        stdout: shell.dependencies.stdout,
        stderr: shell.dependencies.stderr,
      });
    });
}
