import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { commands } from './commands/commands.js';
import { Shell, type ShellDependencies } from './shell/shell.js';

/** @returns the exit code: 0 done, 1 it could not be done, 2 asked for in a wrong way, 3 something given was refused */
export async function run(words: readonly string[], dependencies: ShellDependencies): Promise<number> {
  const shell = new Shell(dependencies);
  const program = new Command('moola')
    .description(
      'Watches machine-learning models in production: windows, budgets, alerts, money, incidents, rollbacks.',
    )
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void dependencies.stdout.write(text),
      writeErr: (text) => void dependencies.stderr.write(text),
      getOutHelpWidth: () => dependencies.stdout.columns ?? 80,
      getErrHelpWidth: () => dependencies.stderr.columns ?? 80,
      // Said below, as one line.
      outputError: () => undefined,
    });
  for (const register of commands) register(program, shell);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    // Help was shown already, to whoever named no command.
    if (error.code !== 'commander.help') shell.note(wrongUsage(error.message));
    return 2;
  }
  return shell.exitCode;
}

/** Commander's complaint as one line in our words. */
function wrongUsage(message: string): string {
  const line = message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.+?)\?\)/, ': did you mean $1?')
    .replaceAll('\n', ' ');
  return `moola: ${line}${/[.?]$/.test(line) ? '' : '.'} Add --help to see what there is.`;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
}
