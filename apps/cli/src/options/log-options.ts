import { Option, type Command } from 'commander';
import { exitCodes } from '../output/examples.js';
import { durationOption, instantOption, timeZoneOption } from './parsers.js';

/** What every command that reads a whole log asks for beside its files. */
export interface LogFlags {
  readonly releases?: string;
  readonly step: number;
  readonly until?: number;
  readonly model?: string;
  readonly timeZone?: string;
  readonly allowRefused?: true;
  readonly json?: true;
}

/** @param step what a step is, for the help */
export function withLogOptions(command: Command, step: string): Command {
  return command
    .option('--releases <file>', 'which version served when (CSV); without it the log itself says so')
    .addOption(new Option('--step <duration>', step).argParser(durationOption).default(60_000, '1m'))
    .option('--until <time>', 'end before this time', instantOption)
    .option('--model <name>', 'the model, where the log has no column "model"; whose the releases are')
    .option('--time-zone <zone>', 'the zone of times without one: UTC, +01:00, Europe/Berlin', timeZoneOption)
    .option('--allow-refused', 'exit with 0 although rows of the log were refused')
    .addHelpText(
      'after',
      exitCodes(
        'it went to its end',
        'it could not run, or not to its end',
        'it went to its end without rows that were refused; 0 with --allow-refused',
      ),
    );
}

/** The flags as operations take them. */
export function logSettings({ releases, step, until, model, timeZone, allowRefused, json }: LogFlags) {
  return {
    releases: releases ?? null,
    stepMs: step,
    untilMs: until ?? null,
    model: model ?? null,
    timeZone: timeZone ?? null,
    allowRefused: allowRefused ?? false,
    json: json ?? false,
  };
}
