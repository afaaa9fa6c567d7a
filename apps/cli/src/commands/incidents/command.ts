import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { CommandOutcomeView, EnvironmentView, IncidentView } from '@moola/standalone/console-views';
import { Option, type Command } from 'commander';
import { durationOption, eventNumberOption } from '../../options/parsers.js';
import { actorAt, asOption, declaredIn, type Actor } from '../../server/actor.js';
import { incidentsPath, withHint } from '../../server/elsewhere.js';
import { shellWord } from '../../output/words.js';
import { path, type Answer, type MoolaServer } from '../../server/moola-server.js';
import { withServer, type ServerFlags } from '../../server/server-options.js';

/** What every command to an incident can be told. */
export interface CommandFlags extends ServerFlags {
  readonly as?: string;
  readonly seen?: number;
  readonly wait: number;
}

export function withCommand(command: Command): Command {
  return withServer(command)
    .option(...asOption)
    .option('--seen <number>', 'the newest event that you have seen (default: the newest)', eventNumberOption)
    .addOption(
      new Option('--wait <duration>', "how long to wait for the responder's answer")
        .argParser(durationOption)
        .default(30_000, '30s'),
    );
}

export interface IncidentCommand {
  readonly incident: string;
  /** What is said: its kind, and what goes with it. */
  readonly said: Readonly<{ kind: 'acknowledge' | 'resolve' | 'judge' } & Record<string, string>>;
  /** Who runs the command: what counts where no authentication is configured, and `--as` says nothing else. */
  readonly user: string;
}

export interface CommandAnswer {
  /** `maria (event 4)` */
  readonly who: string;
  /** What else is to be known; empty most of the time. */
  readonly note: string;
}

/** @param event 0: of no incident */
function who({ name, authenticated }: Actor, event: number): string {
  const known = [...(event === 0 ? [] : [`event ${event}`]), ...(authenticated ? [] : ['name self-declared'])];
  return known.length === 0 ? name : `${name} (${known.join(', ')})`;
}

/** How often the answer is looked for. */
const everyMs = 100;

/**
 * Sends a person's word to an incident and waits until the responder has answered it there.
 * @returns as whom, and the answer's event; a problem when the word was refused, or no answer came in time
 */
export async function sendCommand(
  server: MoolaServer,
  flags: CommandFlags,
  { incident, said, user }: IncidentCommand,
): Promise<Answer<CommandAnswer>> {
  const { environment } = flags;
  const actor = await actorAt(server, user, flags.as);
  if (!actor.ok) return actor;
  const asked = await server.get<IncidentView>(incidentsPath(environment, incident));
  const shown = await withHint(server, environment, incident, asked);
  if (!shown.ok) return shown;
  const id = randomUUID();
  const sent = await server.post<unknown>(incidentsPath(environment, incident, 'commands'), {
    ...{ id, ...said, ...declaredIn(actor.value) },
    incidentNumber: flags.seen ?? shown.value.number,
  });
  if (!sent.ok) return sent;
  return answerOf(server, flags, id, actor.value, `moola incidents show ${shellWord(incident)}`);
}

/**
 * Waits until the responder has answered a command.
 * @param look where the answer can be seen later
 */
export async function answerOf(
  server: MoolaServer,
  flags: CommandFlags,
  id: string,
  actor: Actor,
  look: string,
): Promise<Answer<CommandAnswer>> {
  const end = performance.now() + flags.wait;
  for (;;) {
    const outcome = await server.get<CommandOutcomeView>(path('environments', flags.environment, 'commands', id));
    if (!outcome.ok) return outcome;
    const answer = outcome.value;
    if (answer.state === 'obeyed') return { ok: true, value: { who: who(actor, answer.number), note: answer.reason } };
    if (answer.state === 'refused') return { ok: false, status: null, problem: `refused: ${answer.reason}` };
    if (performance.now() >= end) return { ok: false, status: null, problem: await unanswered(server, flags, look) };
    await setTimeout(everyMs);
  }
}

async function unanswered(server: MoolaServer, { environment, wait }: CommandFlags, look: string): Promise<string> {
  const waited = `no answer within ${wait / 1000} s`;
  const asked = await server.get<EnvironmentView>(path('environments', environment));
  if (asked.ok && asked.value.replay?.finished)
    return `${waited}: the replay of environment ${environment} has ended, and time stands still there`;
  return `${waited}: the command is stored and will be answered; see \`${look}\``;
}
