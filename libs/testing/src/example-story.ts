import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** The model of `examples/index-volatility`. */
export const exampleModel = 'SimpleLSTM';
/** A tick of its replay, and a bucket. */
export const exampleStepMs = 60_000;

/** One version's answer to one input, as the log has it. Times are milliseconds since the epoch. */
export interface StoryAnswer {
  readonly timeMs: number;
  readonly input: string;
  readonly version: string;
  readonly role: Role;
  readonly class: string;
  readonly latencyMs: number;
  readonly truth: string;
  readonly knownAtMs: number;
}

export interface StoryDeployment {
  readonly timeMs: number;
  readonly version: string;
  readonly role: Role;
  /** Whose rollback it is; empty for a release. */
  readonly incident: string;
}

/** A rollback as the oracle's final line tells of it. */
export interface ExpectedRollback {
  readonly incident: string;
  readonly from: string;
  readonly to: string;
  readonly decidedAt: string;
  readonly servedAt: string;
  readonly verifiedAt: string | null;
  readonly difference: number;
  readonly lower: number;
  readonly pairs: number;
  readonly protectedUsd: number;
}

export interface ExpectedIncident {
  readonly rule: string;
  readonly opened: string;
  readonly resolved: string | null;
  readonly costUsd: number;
}

/** From a breach to the end of an alert. */
export interface ExpectedInterval {
  readonly version: string;
  readonly breach: string;
  readonly firing: string;
  readonly resolved: string | null;
  readonly reason: string | null;
}

/** What the oracle says of a story: the parts of its final line that tests of single processors compare with. */
export interface ExpectedLine {
  readonly to: string;
  readonly predictions: { readonly ingested: number };
  readonly outcomes: { readonly ingested: number; readonly labelled: number };
  readonly alerts: Readonly<Record<string, { readonly intervals: readonly ExpectedInterval[] }>>;
  readonly knownGood: readonly string[];
  readonly incidents: readonly ExpectedIncident[];
  readonly rollbacks: { readonly mitigated: readonly ExpectedRollback[]; readonly done: readonly ExpectedRollback[] };
  readonly value: { readonly earnedUsd: number; readonly protectedUsd: number; readonly incidentsUsd: number };
}

/** A story of the example, what serves given as the oracle saw it. */
export interface ExampleStory {
  readonly definitions: readonly Definition[];
  /** Releases and rollbacks, by time. */
  readonly deployments: readonly StoryDeployment[];
  /** In the log's order, from the release of their version on. */
  readonly answers: readonly StoryAnswer[];
  /** Each tick of the replay. */
  readonly ticks: readonly number[];
  readonly expected: ExpectedLine;
  readonly rollbacks: readonly ExpectedRollback[];
}

const root = new URL('../../../', import.meta.url);
const example = new URL('examples/index-volatility/', root);
const roles: Readonly<Record<string, Role>> = { primary: Role.PRIMARY, shadow: Role.SHADOW };

/** @param releases such as `story`, a file of `examples/index-volatility/releases` that the oracle has told */
export function exampleStory(releases: string, seed: number): ExampleStory {
  const expected = JSON.parse(
    readFileSync(new URL(`tools/oracle/expected/${releases}-seed-${seed}.json`, root), 'utf8'),
  ) as ExpectedLine;
  const rollbacks = [...expected.rollbacks.mitigated, ...expected.rollbacks.done];
  const untilMs = Date.parse(expected.to);
  const deployments = deploymentsOf(releases, rollbacks).filter(({ timeMs }) => timeMs < untilMs);
  const answers = answersOf(seed, deployments).filter(({ timeMs }) => timeMs < untilMs);
  const firstMs = Math.min(...[...deployments, ...answers].map(({ timeMs }) => timeMs));
  const ticks: number[] = [];
  const beginMs = Math.floor(firstMs / exampleStepMs) * exampleStepMs;
  for (let tickMs = beginMs + exampleStepMs; tickMs <= untilMs; tickMs += exampleStepMs) ticks.push(tickMs);
  return { definitions: definitionsOf(), deployments, answers, ticks, expected, rollbacks };
}

/** What the replay sends right before each tick: the items of the step that the tick ends, in their order. */
export function beforeEachTick<T>(items: readonly T[], timeMs: (item: T) => number): (tickMs: number) => readonly T[] {
  const steps = new Map<number, T[]>();
  for (const item of items) {
    const step = Math.floor(timeMs(item) / exampleStepMs);
    steps.set(step, [...(steps.get(step) ?? []), item]);
  }
  return (tickMs) => steps.get(tickMs / exampleStepMs - 1) ?? [];
}

function definitionsOf(): readonly Definition[] {
  const parsed = parseDefinitions(readFileSync(new URL('definitions.yaml', example), 'utf8'), 'definitions.yaml');
  if (!('definitions' in parsed)) throw new Error(`definitions.yaml: ${JSON.stringify(parsed.problems)}`);
  return parsed.definitions;
}

function deploymentsOf(releases: string, rollbacks: readonly ExpectedRollback[]): StoryDeployment[] {
  const planned = csv(readFileSync(new URL(`releases/${releases}.csv`, example), 'utf8')).map((cell) => ({
    timeMs: Date.parse(cell('time')),
    version: cell('version'),
    role: roles[cell('role')] ?? Role.UNSPECIFIED,
    incident: '',
  }));
  const rolledBack = rollbacks.map(({ servedAt, to, incident }) => ({
    timeMs: Date.parse(servedAt),
    version: to,
    role: Role.PRIMARY,
    incident,
  }));
  return [...planned, ...rolledBack].sort((a, b) => a.timeMs - b.timeMs);
}

function answersOf(seed: number, deployments: readonly StoryDeployment[]): StoryAnswer[] {
  const served = deployments.filter(({ role }) => role === Role.PRIMARY);
  const log = gunzipSync(readFileSync(new URL(`log/seed-${seed}.csv.gz`, example))).toString('utf8');
  return csv(log).flatMap((cell) => {
    const timeMs = Date.parse(cell('time'));
    const version = cell('version');
    if (!deployments.some((release) => release.version === version && release.timeMs <= timeMs)) return [];
    const serving = served.filter((release) => release.timeMs <= timeMs).at(-1)?.version;
    return {
      timeMs,
      version,
      input: cell('input'),
      role: serving === version ? Role.PRIMARY : Role.SHADOW,
      class: cell('class'),
      latencyMs: Number(cell('latency_ms')),
      truth: cell('truth'),
      knownAtMs: Date.parse(cell('known_at')),
    };
  });
}

/** Rows of a file without quotes, each as a function from a column's name to its cell. */
function csv(text: string): ((column: string) => string)[] {
  const [header = '', ...lines] = text.trim().split('\n');
  const columns = new Map(header.split(',').map((name, i) => [name, i]));
  return lines.map((line) => {
    const cells = line.split(',');
    return (column) => cells[columns.get(column) ?? -1] ?? '';
  });
}
