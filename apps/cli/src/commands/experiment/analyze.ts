import type { Command } from 'commander';
import { fileRefusal } from '../../options/files.js';
import { examples, exitCodes } from '../../output/examples.js';
import type { Shell } from '../../shell/shell.js';

interface Flags {
  readonly config: string;
  readonly json?: true;
  readonly details?: true;
  readonly allowRefused?: true;
}

export function registerAnalyze(parent: Command, shell: Shell): void {
  parent
    .command('analyze')
    .description(
      'Compare the arms of an experiment: effects with intervals that hold however often you look, health, and a decision. ' +
        'docs/experiments.md has the formats and formulas.',
    )
    .argument('<file>', 'CSV (.gz is fine): one row a unit, or one row an arm with its sums')
    .requiredOption('--config <file>', 'control, metrics and how to judge them (YAML)')
    .option('--json', 'print the report as JSON')
    .option('--details', 'with --json: what else was found, under "details"')
    .option('--allow-refused', 'exit with 0 although rows were refused')
    .addHelpText(
      'after',
      exitCodes(
        'it was analysed',
        'it could not be',
        'the config, or rows of the file, were refused; 0 with --allow-refused for rows',
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['moola experiment analyze units.csv --config checkout.yaml', 'what to do, and why'],
        ['moola experiment analyze units.csv.gz --config checkout.yaml --json', 'the same for programs'],
      ),
    )
    .action(async (file: string, flags: Flags) => {
      const unreadable = fileRefusal(flags.config) ?? (file === '-' ? null : fileRefusal(file));
      if (unreadable !== null) return shell.fail(unreadable);
      if (flags.details && !flags.json) return shell.misuse('--details adds to --json: give both, or none');
      shell.exitCode = await shell.dependencies.operations.analyze({
        ...{ file, config: flags.config, json: flags.json ?? false, details: flags.details ?? false },
        allowRefused: flags.allowRefused ?? false,
        stdout: shell.dependencies.stdout,
        stderr: shell.dependencies.stderr,
        style: (format, text) => shell.style(format, text),
      });
    });
}
