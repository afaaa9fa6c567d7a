import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../../output/examples.js';
import type { Shell } from '../../shell/shell.js';

type Method = 'cohen-h' | 't' | 'z' | 'sequential';

interface Flags {
  readonly metric: 'proportion' | 'mean';
  readonly method?: Method;
  readonly baseline?: number;
  readonly effect?: number;
  readonly effectSize?: number;
  readonly perArm?: number;
  readonly alpha: number;
  readonly power: number;
  readonly tunedFor: number;
  readonly clusterSize: number;
  readonly correlation: number;
  readonly daily?: number;
  readonly arms: number;
  readonly json?: true;
}

/** What is computed how, where no method is named. */
const usual: Readonly<Record<Flags['metric'], Method>> = { proportion: 'cohen-h', mean: 't' };

export function registerPower(parent: Command, shell: Shell): void {
  parent
    .command('power')
    .description('How many units an experiment needs to find an effect, or which effect it finds with those it has.')
    .addOption(new Option('--metric <type>', 'what is measured').choices(['proportion', 'mean']).makeOptionMandatory())
    .addOption(
      new Option(
        '--method <name>',
        'by default cohen-h for a proportion, t for a mean; sequential: looked at all the time',
      ).choices(['cohen-h', 't', 'z', 'sequential']),
    )
    .option('--baseline <share>', 'of a proportion: its share in control', share)
    .option('--effect <difference>', 'of a proportion: treatment − control', number)
    .option('--effect-size <deviations>', 'of a mean: treatment − control, in standard deviations of a unit', number)
    .option('--per-arm <units>', 'units an arm that there are: print the smallest effect that they find', positive)
    .addOption(new Option('--alpha <probability>', 'of a false alarm, two-sided').argParser(probability).default(0.05))
    .addOption(new Option('--power <probability>', 'to find the effect').argParser(probability).default(0.8))
    .addOption(
      new Option('--tuned-for <units>', 'of sequential: where its interval is tightest')
        .argParser(positive)
        .default(5000),
    )
    .addOption(new Option('--cluster-size <units>', 'units that belong together').argParser(positive).default(1))
    .addOption(new Option('--correlation <share>', 'of units that belong together').argParser(share).default(0))
    .option('--daily <units>', 'units a day, in all arms: print how many days it takes', positive)
    .addOption(new Option('--arms <count>', 'with --daily: arms, with control').argParser(positive).default(2))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      examples(
        ['moola experiment power --metric proportion --baseline 0.1 --effect 0.01', 'units an arm'],
        ['moola experiment power --metric mean --effect-size 0.1 --method sequential --daily 2000', 'and days'],
        ['moola experiment power --metric proportion --baseline 0.1 --per-arm 20000', 'the smallest effect'],
      ),
    )
    .action(async (flags: Flags) => {
      const method = flags.method ?? usual[flags.metric];
      if (flags.metric === 'proportion' && method === 't')
        return shell.misuse('--method t is of means: take cohen-h or sequential');
      if (flags.metric === 'mean' && method === 'cohen-h')
        return shell.misuse('--method cohen-h is of proportions: take t, z or sequential');
      const { exitCode, problem } = await shell.dependencies.operations.power({
        ...{ metric: flags.metric, method, baseline: flags.baseline ?? null, effect: flags.effect ?? null },
        ...{ effectSize: flags.effectSize ?? null, perArm: flags.perArm ?? null, daily: flags.daily ?? null },
        ...{ alpha: flags.alpha, power: flags.power, tunedFor: flags.tunedFor, arms: flags.arms },
        ...{ clusterSize: flags.clusterSize, correlation: flags.correlation, json: flags.json ?? false },
        stdout: shell.dependencies.stdout,
      });
      if (problem !== null) shell.misuse(problem);
      shell.exitCode = exitCode;
    });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value < 1) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

function share(text: string): number {
  const value = number(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError('It must lie from 0 to 1.');
  return value;
}

function probability(text: string): number {
  const value = number(text);
  if (value <= 0 || value >= 1) throw new InvalidArgumentError('It must lie between 0 and 1.');
  return value;
}
