import { Option, type Command } from 'commander';
import { fileRefusal } from '../options/files.js';
import { durationOption, instantOption, timeZoneOption } from '../options/parsers.js';
import { examples, exitCodes } from '../output/examples.js';
import type { Shell } from '../shell/shell.js';

interface Flags {
  readonly definitions: string;
  readonly releases?: string;
  readonly step: number;
  readonly until?: number;
  readonly model?: string;
  readonly timeZone?: string;
  readonly allowRefused?: true;
  readonly output: string;
  readonly json?: true;
}

export function registerReplay(parent: Command, shell: Shell): void {
  parent
    .command('replay')
    .description(
      'Send a log through all services as fast as they go, and report the result. docs/replay.md has the formats.',
    )
    .argument('<log>', 'CSV, NDJSON (.gz is fine) or Parquet')
    .requiredOption('--definitions <file>', 'the models, their budgets, rules and values (YAML)')
    .option('--releases <file>', 'which version served when (CSV); without it the log itself says so')
    .addOption(
      new Option('--step <duration>', 'how much time passes at once').argParser(durationOption).default(60_000, '1m'),
    )
    .option('--until <time>', 'end before this time', instantOption)
    .option('--model <name>', 'the model, where the log has no column "model"')
    .option('--time-zone <zone>', 'the zone of times without one: UTC, +01:00, Europe/Berlin', timeZoneOption)
    .option('--allow-refused', 'exit with 0 although rows of the log were refused')
    .option('--output <folder>', 'where post-mortems are written, in its folder post-mortems', '.')
    .option('--json', 'print the final line only, as JSON')
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
        ['moola replay log.csv.gz --definitions models.yaml', 'what would have happened'],
        ['moola replay log.csv --definitions models.yaml --releases releases.csv', 'with a history of releases'],
        ['moola replay log.csv --definitions models.yaml --time-zone Europe/Berlin', 'times of local clocks'],
        ['moola replay log.ndjson --definitions models.yaml --json', 'for a program to read'],
      ),
    )
    .action(async (log: string, flags: Flags) => {
      const unreadable = [log, flags.definitions, flags.releases].map(fileRefusal).find((each) => each !== null);
      if (unreadable !== undefined) return shell.fail(unreadable);
      shell.exitCode = await shell.dependencies.operations.replay({
        log,
        definitions: flags.definitions,
        releases: flags.releases ?? null,
        stepMs: flags.step,
        untilMs: flags.until ?? null,
        model: flags.model ?? null,
        timeZone: flags.timeZone ?? null,
        allowRefused: flags.allowRefused ?? false,
        output: flags.output,
        json: flags.json ?? false,
        stdout: shell.dependencies.stdout,
        stderr: shell.dependencies.stderr,
        env: shell.env,
      });
    });
}
