import type { Command } from 'commander';
import { fileRefusal } from '../options/files.js';
import { instantOption, portOption, speedOption, timeZoneOption } from '../options/parsers.js';
import { examples, exitCodes } from '../output/examples.js';
import type { Shell } from '../shell/shell.js';

interface Flags {
  readonly example?: true;
  readonly headless?: true;
  readonly exitWhenDone?: true;
  readonly fresh?: true;
  readonly speed?: number | 'max';
  readonly data?: string;
  readonly port?: number;
  readonly log?: string;
  readonly releases?: string;
  readonly definitions?: string;
  readonly until?: number;
  readonly timeZone?: string;
  readonly allowRefused?: true;
}

export function registerUp(parent: Command, shell: Shell): void {
  parent
    .command('up')
    .description('Start all services and the console in one process, and continue from the state in the data folder.')
    .option('--example', 'also replay the example, in the environment "example"')
    .option('--headless', 'print lines only: no progress bar, no colours, the replay as fast as it goes')
    .option('--exit-when-done', 'end with the replay; the last line is its result, as JSON')
    .option('--fresh', 'begin with an empty data folder')
    .option('--speed <steps>', 'steps of the replay a second, or max', speedOption)
    .option('--data <folder>', 'folder of the log and the state (default: MOOLA_DATA, else data)')
    .option('--port <number>', 'where the console listens; 0: any (default: MOOLA_PORT, else 8080)', portOption)
    .option('--log <file>', "replay this log instead of the example's (CSV, NDJSON or Parquet)")
    .option('--releases <file>', "which version serves when, instead of the example's (CSV)")
    .option('--definitions <file>', "the models, rules and routes of the replay, instead of the example's (YAML)")
    .option('--until <time>', 'end the replay before this time', instantOption)
    .option('--time-zone <zone>', 'the zone of times without one: UTC, +01:00, Europe/Berlin', timeZoneOption)
    .option('--allow-refused', 'exit with 0 although rows of the log were refused')
    .addHelpText(
      'after',
      exitCodes(
        'it was stopped, or with --exit-when-done the replay went to its end',
        'it could not start or go on, or the replay not to its end',
        'with --exit-when-done: rows of the log were refused; 0 with --allow-refused',
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['moola up', 'take in what your models send, at http://localhost:8080'],
        ['moola up --example', 'and watch the example as well'],
        ['moola up --example --headless --exit-when-done', 'only the story, as fast as it goes'],
        ['moola up --log my.csv.gz --definitions my.yaml', 'replay your own history'],
      ),
    )
    .action(async (flags: Flags) => {
      const refusal = refusalOf(flags);
      if (refusal !== null) return shell.misuse(refusal);
      const unreadable = [flags.log, flags.releases, flags.definitions].map(fileRefusal).find((each) => each !== null);
      if (unreadable !== undefined) return shell.fail(unreadable);
      shell.exitCode = await shell.dependencies.operations.up({
        example: flags.example ?? false,
        headless: flags.headless ?? false,
        exitWhenDone: flags.exitWhenDone ?? false,
        fresh: flags.fresh ?? false,
        speed: flags.speed ?? null,
        dataFolder: flags.data ?? null,
        port: flags.port ?? null,
        log: flags.log ?? null,
        releases: flags.releases ?? null,
        definitions: flags.definitions ?? null,
        untilMs: flags.until ?? null,
        timeZone: flags.timeZone ?? null,
        allowRefused: flags.allowRefused ?? false,
        stdout: shell.dependencies.stdout,
        stderr: shell.dependencies.stderr,
        env: shell.env,
      });
    });
}

/** Options that only a replay gives a meaning. */
const ofReplay = [
  ...(['exitWhenDone', 'speed', 'releases', 'definitions', 'until', 'timeZone', 'allowRefused'] as const),
];
const spelled: Readonly<Record<(typeof ofReplay)[number], string>> = {
  exitWhenDone: '--exit-when-done',
  speed: '--speed',
  releases: '--releases',
  definitions: '--definitions',
  until: '--until',
  timeZone: '--time-zone',
  allowRefused: '--allow-refused',
};

function refusalOf(flags: Flags): string | null {
  if (flags.example === undefined && flags.log === undefined) {
    const idle = ofReplay.find((name) => flags[name] !== undefined);
    if (idle !== undefined) return `${spelled[idle]} is about a replay: add --example, or --log <file>`;
  }
  if (flags.log !== undefined && flags.example === undefined && flags.definitions === undefined)
    return '--log needs --definitions <file>: they say what its models and their budgets are';
  return null;
}
