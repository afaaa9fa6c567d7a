import type { Command } from 'commander';
import { readText } from '../options/files.js';
import { urlOption } from '../options/parsers.js';
import type { Shell } from '../shell/shell.js';
import { MoolaServer } from './moola-server.js';

/** Which server is asked, and as whom. */
export interface AddressFlags {
  readonly server?: string;
  readonly token?: string;
}

/** What every command that asks a server about an environment can be told. */
export interface ServerFlags extends AddressFlags {
  readonly environment: string;
}

export const defaultServer = 'http://127.0.0.1:8080';

export const tokenOption = [
  '--token <token>',
  'the token that it asks for (default: MOOLA_TOKEN, or what the file MOOLA_TOKEN_FILE holds)',
] as const;

export function withAddress(command: Command): Command {
  return command
    .option('--server <url>', `the server's address (default: MOOLA_SERVER, else ${defaultServer})`, urlOption)
    .option(...tokenOption);
}

export function withServer(command: Command): Command {
  return withAddress(command).option('--environment <name>', 'where to look: live, example, …', 'live');
}

/** @returns `null` after having said what is wrong with the settings */
export function connect(shell: Shell, flags: AddressFlags): MoolaServer | null {
  const token = flags.token ?? shell.env['MOOLA_TOKEN'] ?? tokenFile(shell);
  if (token === null) return null;
  if (flags.server !== undefined) return new MoolaServer(flags.server, token);
  const setting = shell.env['MOOLA_SERVER'] ?? defaultServer;
  try {
    return new MoolaServer(urlOption(setting), token);
  } catch {
    shell.misuse(`MOOLA_SERVER: "${setting}" is no address: try ${defaultServer}`);
    return null;
  }
}

/** As in a container, where secrets are mounted. @returns `null` after having said that it cannot be read */
function tokenFile(shell: Shell): string | null | undefined {
  const file = shell.env['MOOLA_TOKEN_FILE'];
  if (file === undefined || file === '') return undefined;
  const reading = readText(file);
  if (reading.ok) return reading.text.trim();
  shell.misuse(`MOOLA_TOKEN_FILE: ${reading.problem}`);
  return null;
}
