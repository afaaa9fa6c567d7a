import { parseArgs } from 'node:util';

export const commands = ['deploy', 'validate', 'test', 'clean'] as const;
export type DeploymentCommand = (typeof commands)[number];

export const targets = ['local', 'compose', 'kubernetes'] as const;
export type TargetName = (typeof targets)[number];

export interface DeploymentOptions {
  readonly command: DeploymentCommand;
  readonly target: TargetName;
  /** Only says which commands would run. */
  readonly dryRun: boolean;
  /** Definitions to apply: models, rules, routes. */
  readonly definitions: readonly string[];
  /** Of the chart. */
  readonly values: readonly string[];
  readonly namespace: string;
  readonly release: string;
  /** Of kubectl's configuration; undefined: the current one. */
  readonly context: string | undefined;
  /** How long Helm waits for the pods of one step: `35m`. */
  readonly timeout: string;
  /** Of the console, where the target is local; 0: any. */
  readonly port: number;
  /** Whether `clean` removes data too. */
  readonly deleteData: boolean;
  /** Where the report is written. */
  readonly report: string | undefined;
}

export type OptionsResult =
  | { readonly ok: true; readonly options: DeploymentOptions }
  /** What is wrong, one line. */
  | { readonly ok: false; readonly problem: string };

/** Reads what was asked for on the command line. */
export function parseOptions(words: readonly string[]): OptionsResult {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        target: { type: 'string', default: 'local' },
        'dry-run': { type: 'boolean', default: false },
        definitions: { type: 'string', multiple: true, default: [] },
        values: { type: 'string', multiple: true, default: [] },
        namespace: { type: 'string', default: 'moola' },
        release: { type: 'string', default: 'moola' },
        context: { type: 'string' },
        timeout: { type: 'string', default: '10m' },
        port: { type: 'string', default: '8080' },
        'delete-data': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        report: { type: 'string' },
      },
    });
  } catch (error) {
    // Node adds a sentence on how to write a positional argument with dashes.
    return { ok: false, problem: (error as Error).message.split('. To specify')[0] as string };
  }
  const { values, positionals } = parsed;
  const [command = 'deploy', ...more] = positionals;
  if (!isOneOf(commands, command)) {
    return {
      ok: false,
      problem: `there is no command "${command}": none for a full deployment, or validate, test, clean`,
    };
  }
  if (more.length > 0) return { ok: false, problem: `one command at a time, not also "${more.join(' ')}"` };
  if (!isOneOf(targets, values.target))
    return { ok: false, problem: `there is no target "${values.target}": local, compose or kubernetes` };
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    return { ok: false, problem: `--port must be a number from 0 to 65535, not "${values.port}"` };
  if (!/^([1-9]\d*[smh])+$/.test(values.timeout))
    return {
      ok: false,
      problem: `--timeout "${values.timeout}" is no duration: numbers of h, m or s, such as 35m or 1h30m`,
    };
  for (const name of ['namespace', 'release'] as const) {
    if (!/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(values[name]))
      return {
        ok: false,
        problem: `--${name} "${values[name]}" is no name: small letters, digits and dashes, 53 at most`,
      };
  }
  if (command === 'clean' && values['delete-data'] && !values.yes && !values['dry-run'])
    return {
      ok: false,
      problem: 'clean --delete-data removes data for good: add --yes, or --dry-run to see what it does',
    };
  return {
    ok: true,
    options: {
      ...{ command, target: values.target, dryRun: values['dry-run'], deleteData: values['delete-data'] },
      ...{ definitions: values.definitions, values: values.values, report: values.report, port: Number(values.port) },
      ...{ namespace: values.namespace, release: values.release, context: values.context },
      timeout: values.timeout,
    },
  };
}

function isOneOf<T extends string>(all: readonly T[], word: string): word is T {
  return (all as readonly string[]).includes(word);
}
