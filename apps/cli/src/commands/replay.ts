import type { Command } from 'commander';
import { fileRefusal } from '../options/files.js';
import { logSettings, withLogOptions, type LogFlags } from '../options/log-options.js';
import { examples } from '../output/examples.js';
import type { Shell } from '../shell/shell.js';

interface Flags extends LogFlags {
  readonly definitions: string;
  readonly output: string;
}

export function registerReplay(parent: Command, shell: Shell): void {
  const command = parent
    .command('replay')
    .description(
      'Send a log through all services as fast as they go, and report the result. docs/replay.md has the formats.',
    )
    .argument('<log>', 'CSV, NDJSON (.gz is fine) or Parquet')
    .requiredOption('--definitions <file>', 'the models, their budgets, rules and values (YAML)');
  withLogOptions(command, 'how much time passes at once')
    .option('--output <folder>', 'where post-mortems are written, in its folder post-mortems', '.')
    .option('--json', 'print the final line only, as JSON')
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
        ...logSettings(flags),
        log,
        definitions: flags.definitions,
        output: flags.output,
        stdout: shell.dependencies.stdout,
        stderr: shell.dependencies.stderr,
        env: shell.env,
      });
    });
}
