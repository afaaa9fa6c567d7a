import { setTimeout as sleep } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { countOption, durationOption, urlOption } from '../options/parsers.js';
import { examples } from '../output/examples.js';
import { connect, defaultServer } from '../server/server-options.js';
import { path, type MoolaServer } from '../server/moola-server.js';
import type { Shell } from '../shell/shell.js';
import { sendEvents } from '../simulation/send-events.js';
import type { SimulatedJob } from '../simulation/simulated-job.js';
import { outcomeAfterMs, Simulation, type EventJson } from '../simulation/simulated-model.js';
import { simulateJob } from './simulate-job.js';

interface Flags {
  readonly model: string;
  readonly release: string;
  readonly previous: string;
  readonly break?: string;
  readonly history: number;
  readonly duration: number;
  readonly rate: number;
  readonly seed: number;
  readonly mix?: true;
  readonly job?: string;
  readonly stall?: true;
  readonly leak?: true;
  readonly failCheckpoints?: true;
  readonly long?: true;
  readonly server?: string;
  readonly token?: string;
}

export function registerSimulate(parent: Command, shell: Shell): void {
  parent
    .command('simulate')
    .description(
      'Send made-up telemetry of a model that gets a bad release, or of a training job: to see alerts without a model of your own.',
    )
    .requiredOption('--model <name>', 'the model; one that sends no telemetry of its own')
    .option('--break <version>', 'the version that is bad from the release on')
    .option('--release <version>', 'the version that is released when the history ends', 'v7')
    .option('--previous <version>', 'the version that serves until then, and answers in shadow afterwards', 'v6')
    .addOption(duration('--history <duration>', 'how much of the past is sent first', 3 * 3_600_000, '3h'))
    .addOption(duration('--duration <duration>', 'how long it goes on then', 300_000, '5m'))
    .option('--rate <number>', 'inputs a second', countOption, 20)
    .option('--seed <number>', 'the same seed makes up the same answers', countOption, 1)
    .option('--mix', 'mix it with telemetry that the model has already')
    .option('--job <name>', 'a training job of the model instead; it has been running for two hours')
    .option('--stall', 'with --job: it has made no step for 35 minutes')
    .option('--leak', 'with --job: its memory grows, and will reach the limit in 10 minutes')
    .option('--fail-checkpoints', 'with --job: its checkpoints of the last 45 minutes have failed')
    .option('--long', 'with --job: it has been running for more than four hours')
    .option('--server <url>', `the server's address (default: MOOLA_SERVER, else ${defaultServer})`, urlOption)
    .option('--token <token>', 'the token that it asks for (default: MOOLA_TOKEN)')
    .addHelpText(
      'after',
      examples(
        ['moola simulate --model churn --break v7', 'three hours in which v6 serves, then v7 is released and is bad'],
        ['moola simulate --model churn --duration 1h --rate 2', 'a release that is as good as the version before'],
        ['moola simulate --model churn --job fit-1 --stall --leak', 'a training job that stalls, and leaks memory'],
      ),
    )
    .action((flags: Flags) => simulate(shell, flags));
}

const duration = (flags: string, description: string, ms: number, shown: string) =>
  new Option(flags, description).argParser(durationOption).default(ms, shown);

/** How often events are sent, and how often a line says so. */
const sendEveryMs = 500;
const tellEveryMs = 10_000;
/** The history's inputs are this far apart. */
const historyStepMs = 1000;

async function simulate(shell: Shell, flags: Flags): Promise<void> {
  const { model, release: released, previous, break: breaks = null } = flags;
  const misuse = misuseOfJob(flags);
  if (misuse !== null) return shell.misuse(misuse);
  if (released === previous) return shell.misuse('--release and --previous name the same version');
  if (breaks !== null && breaks !== released && breaks !== previous)
    return shell.misuse(`--break ${breaks}: the versions are ${released} (released) and ${previous} (previous)`);
  const server = connect(shell, flags);
  if (server === null) return;
  if (flags.job !== undefined) return simulateJob(shell, server, jobOf(flags, flags.job), flags.duration);
  const refusal = flags.mix ? null : await telemetryOf(server, model);
  if (refusal !== null) return shell.fail(refusal);
  const hint = await undeclaredHint(server, flags);
  if (hint !== null) shell.note(hint);
  const beganMs = Date.now();
  const run = `simulated-${beganMs.toString(36)}`;
  const simulation = new Simulation({ model, released, previous, breaks, seed: flags.seed, run });
  const due: DueOutcome[] = [];
  const problem =
    (await sendHistory(shell, server, simulation, flags, beganMs, due)) ??
    (await goOn(shell, server, simulation, flags, due));
  if (problem !== null) return shell.fail(problem);
  shell.print('done: see `moola incidents list`');
}

/** What is said of a job without one, or of a release beside one. */
function misuseOfJob({ job, stall, leak, failCheckpoints, long, break: breaks }: Flags): string | null {
  if (job !== undefined) return breaks === undefined ? null : '--break is about a release, --job about a training job';
  const without = Object.entries({ stall, leak, 'fail-checkpoints': failCheckpoints, long }).find(([, given]) => given);
  return without === undefined ? null : `--${without[0]} needs --job <name>`;
}

function jobOf({ model, seed, stall, leak, failCheckpoints, long }: Flags, job: string): SimulatedJob {
  return {
    ...{ model, job, seed, stalls: stall === true, leaks: leak === true },
    ...{ failsCheckpoints: failCheckpoints === true, isLong: long === true },
  };
}

/** Why nothing is sent: the model has telemetry already. */
async function telemetryOf(server: MoolaServer, model: string): Promise<string | null> {
  const found = await server.get<{ counts: { predictions: number } }>(path('environments', 'live', 'models', model));
  if (!found.ok) return found.status === 404 ? null : found.problem;
  const { predictions } = found.value.counts;
  if (predictions === 0) return null;
  return `the model "${model}" has sent ${predictions} predictions: choose another --model, or add --mix to mix made-up ones with them`;
}

/** In so long the default rules fire with time to spare. */
const longEnoughMs = 600_000;

/** What to expect of a model that nobody declared; `null` for a declared one, or where the server does not say. */
async function undeclaredHint(server: MoolaServer, { model, duration: forMs }: Flags): Promise<string | null> {
  const found = await server.get<unknown>(path('environments', 'live', 'definitions', 'model', model));
  if (found.ok || found.status !== 404) return null;
  const longer = forMs < longEnoughMs ? ', or add --duration 10m' : '';
  return `the model "${model}" is not declared: it opens incidents after 3 to 5 minutes, and notifies nobody. Apply a definition first (moola apply FILE)${longer}`;
}

/** An outcome that is not known yet. */
interface DueOutcome {
  readonly atMs: number;
  readonly event: EventJson;
}

/** Takes out what is known by now. */
function known(due: DueOutcome[], nowMs: number): EventJson[] {
  const first = due.findIndex(({ atMs }) => atMs > nowMs);
  return due.splice(0, first < 0 ? due.length : first).map(({ event }) => event);
}

async function sendHistory(
  shell: Shell,
  server: MoolaServer,
  simulation: Simulation,
  flags: Flags,
  nowMs: number,
  due: DueOutcome[],
): Promise<string | null> {
  const events: EventJson[] = [...simulation.beginning(nowMs - flags.history)];
  const inputs = Math.floor(flags.history / historyStepMs);
  for (let i = 0; i < inputs; i++) {
    const timeMs = nowMs - flags.history + i * historyStepMs;
    const { predictions, outcome } = simulation.input(timeMs, 'before the release');
    due.push({ atMs: timeMs + outcomeAfterMs, event: outcome });
    events.push(...predictions, ...known(due, timeMs));
  }
  const problem = await sendEvents(server, events);
  if (problem !== null) return problem;
  shell.print(`sent ${events.length} events of the past, in which ${flags.previous} serves and is sound`);
  return null;
}

async function goOn(
  shell: Shell,
  server: MoolaServer,
  simulation: Simulation,
  { release: released, previous, break: breaks, rate, duration: forMs }: Flags,
  due: DueOutcome[],
): Promise<string | null> {
  const phase = breaks === undefined ? 'released' : 'broken';
  const bad = breaks === undefined ? '' : `, and ${breaks} is bad`;
  shell.print(`now ${released} is released, ${previous} goes on in shadow${bad}; Ctrl-C stops it`);
  const before = new Map([...simulation.tallies].map(([version, tally]) => [version, { ...tally }]));
  const beganMs = Date.now();
  const problem = await sendEvents(server, simulation.release(beganMs));
  if (problem !== null) return problem;
  let [inputs, toldMs] = [0, beganMs];
  for (;;) {
    const elapsedMs = Math.min(Date.now() - beganMs, forMs);
    const events: EventJson[] = [];
    for (; inputs < (elapsedMs * rate) / 1000; inputs++) {
      const timeMs = beganMs + (inputs * 1000) / rate;
      const { predictions, outcome } = simulation.input(timeMs, phase);
      events.push(...predictions);
      due.push({ atMs: timeMs + outcomeAfterMs, event: outcome });
    }
    const isOver = elapsedMs >= forMs;
    events.push(...known(due, Date.now()));
    const problem = await sendEvents(server, events);
    if (problem !== null) return problem;
    if (isOver && due.length === 0) return null;
    if (!isOver && Date.now() - toldMs >= tellEveryMs) {
      toldMs = Date.now();
      shell.print(`${new Date(toldMs).toISOString().slice(11, 19)}  ${shares(simulation, before)}`);
    }
    await sleep(sendEveryMs);
  }
}

/** How often each version has been right since the history. */
function shares(simulation: Simulation, before: ReadonlyMap<string, { predictions: number; right: number }>): string {
  return [...simulation.tallies]
    .map(([version, { predictions, right }]) => {
      const past = before.get(version) ?? { predictions: 0, right: 0 };
      const count = predictions - past.predictions;
      return `${version}: ${((100 * (right - past.right)) / Math.max(1, count)).toFixed(1)} % of ${count} right`;
    })
    .join(', ');
}
