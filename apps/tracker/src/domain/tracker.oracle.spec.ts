import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { AlertState, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, ObservationRow, PredictionRow } from '@moola/contracts/rows';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { createTracker } from './tracker.js';

/**
 * The example's log through the tracker, what serves given as the oracle saw it: its alerts, its counts, what is known
 * good and what was earned must be the oracle's.
 */

interface FinalLine {
  readonly to: string;
  readonly predictions: { readonly ingested: number };
  readonly outcomes: { readonly ingested: number; readonly labelled: number };
  readonly alerts: Readonly<Record<string, { readonly intervals: readonly Interval[] }>>;
  readonly rollbacks: Readonly<
    Record<'mitigated' | 'done', readonly { readonly to: string; readonly servedAt: string }[]>
  >;
  readonly value: { readonly earnedUsd: number };
  readonly knownGood: readonly string[];
}

interface Interval {
  readonly version: string;
  readonly breach: string;
  readonly firing: string;
  readonly resolved: string | null;
  readonly reason: string | null;
}

interface Release {
  readonly timeMs: number;
  readonly version: string;
  readonly role: Role;
}

const example = new URL('../../../../examples/index-volatility/', import.meta.url);
const expectedFolder = new URL('../../../../tools/oracle/expected/', import.meta.url);
const model = 'SimpleLSTM';
const stepMs = 60_000;
const usdPerRight = 0.05;
const roles: Readonly<Record<string, Role>> = { '': Role.UNSPECIFIED, primary: Role.PRIMARY, shadow: Role.SHADOW };

function csv(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

function releasesOf(name: string, final: FinalLine): Release[] {
  const planned = csv(readFileSync(new URL(`releases/${name}.csv`, example), 'utf8')).map(
    ({ time, version, role }) => ({
      timeMs: Date.parse(time ?? ''),
      version: version ?? '',
      role: roles[role ?? ''] ?? Role.UNSPECIFIED,
    }),
  );
  const rollbacks = [...final.rollbacks.mitigated, ...final.rollbacks.done].map(({ to, servedAt }) => ({
    timeMs: Date.parse(servedAt),
    version: to,
    role: Role.PRIMARY,
  }));
  return [...planned, ...rollbacks].sort((a, b) => a.timeMs - b.timeMs);
}

function rowsOf(seed: number, releases: readonly Release[], untilMs: number): TestRow<ObservationRow>[] {
  const parsed = parseDefinitions(readFileSync(new URL('definitions.yaml', example), 'utf8'), 'definitions.yaml');
  if (!('definitions' in parsed)) throw new Error(`definitions.yaml: ${JSON.stringify(parsed.problems)}`);
  const steps = new Map<number, ObservationRow[][]>();
  const stepOf = (timeMs: number): ObservationRow[][] => {
    const at = Math.floor(timeMs / stepMs);
    const rows = steps.get(at) ?? [[], [], []];
    steps.set(at, rows);
    return rows;
  };
  for (const { timeMs, version, role } of releases) {
    if (timeMs >= untilMs) continue;
    const value = { model, version, role, time: timestampFromMs(timeMs) };
    stepOf(timeMs)[0]?.push({
      kind: 'event',
      event: create(EventSchema, { kind: { case: 'deployment', value } as never }),
    });
  }
  const released = new Map<string, number>();
  for (const { version, timeMs } of releases)
    released.set(version, Math.min(timeMs, released.get(version) ?? Infinity));
  const primaries = releases.filter(({ role }) => role === Role.PRIMARY);
  const groups = new Map<string, LabelledRow[]>();
  const log = gunzipSync(readFileSync(new URL(`log/seed-${seed}.csv.gz`, example))).toString('utf8');
  for (const cells of csv(log)) {
    const cell = (name: string): string => cells[name] ?? '';
    const timeMs = Date.parse(cell('time'));
    const version = cell('version');
    if (timeMs >= untilMs || timeMs < (released.get(version) ?? Infinity)) continue;
    const serves = primaries.filter((release) => release.timeMs <= timeMs).at(-1)?.version === version;
    const role = serves ? Role.PRIMARY : Role.SHADOW;
    const input = cell('input');
    const prediction: PredictionRow = {
      kind: 'prediction',
      id: `${version}/${input}`,
      source: 'log',
      model,
      version,
      build: cell('build'),
      role,
      input,
      timeMs,
      class: cell('class'),
      value: NaN,
      score: Number(cell('score')),
      latencyMs: Number(cell('latency_ms')),
      costUsd: NaN,
      error: '',
      segments: {},
      arm: '',
      features: {},
    };
    stepOf(timeMs)[1]?.push(prediction);
    const knownAtMs = Date.parse(cell('known_at'));
    if (cell('truth') === '' || knownAtMs >= untilMs) continue;
    const group = groups.get(input) ?? [];
    groups.set(input, group);
    group.push({
      kind: 'labelled',
      model,
      version,
      role,
      input,
      predictedAtMs: timeMs,
      knownAtMs,
      class: cell('class'),
      truth: cell('truth'),
      score: prediction.score,
      freshness: 'new',
      previousTruth: '',
      group: 0,
      segments: {},
    });
  }
  [...groups.values()].forEach((group, i) => {
    for (const row of group) stepOf(row.knownAtMs)[2]?.push({ ...row, group: i + 1 });
  });
  const rows: TestRow<ObservationRow>[] = parsed.definitions.map((definition) => ({ definition }));
  for (let step = Math.min(...steps.keys()); step < untilMs / stepMs; step++) {
    for (const data of (steps.get(step) ?? []).flat()) rows.push({ data });
    rows.push({ tick: (step + 1) * stepMs });
  }
  return rows;
}

function run(name: string, seed: number): { expected: FinalLine; snapshots: Snapshot[] } {
  const file = new URL(`${name}-seed-${seed}.json`, expectedFolder);
  const expected = JSON.parse(readFileSync(file, 'utf8')) as FinalLine;
  const rows = rowsOf(seed, releasesOf(name, expected), Date.parse(expected.to));
  const snapshots = runProcessor(createTracker(), rows).flatMap(({ topic, content }) =>
    topic === 'snapshots' && content.kind === 'data' ? [content.value as Snapshot] : [],
  );
  return { expected, snapshots };
}

function intervalsOf(snapshots: readonly Snapshot[], rule: string): Interval[] {
  const intervals: { -readonly [K in keyof Interval]: Interval[K] }[] = [];
  for (const { atMs, kind } of snapshots) {
    if (kind.case !== 'alert' || kind.value.rule !== rule) continue;
    const { version, sinceMs, to, reason } = kind.value;
    if (to === AlertState.FIRING) {
      intervals.push({ version, breach: iso(sinceMs), firing: iso(atMs), resolved: null, reason: null });
    }
    const last = intervals.at(-1);
    if (to === AlertState.RESOLVED && last) [last.resolved, last.reason] = [iso(atMs), reason];
  }
  return intervals;
}

describe.each([
  ['never-shipped', 1],
  ['only-v0', 1],
  ['story', 1],
  ['story', 2],
  ['story', 3],
  ['within-budget', 1],
])('the tracker on the example, releases %s, seed %d', (name, seed) => {
  const { expected, snapshots } = run(name, seed);

  it.each(Object.keys(expected.alerts))('has the alerts of %s that the oracle has', (rule) => {
    expect(intervalsOf(snapshots, rule)).toEqual(expected.alerts[rule]?.intervals);
  });

  it('knows as good what the oracle knows', () => {
    const good = snapshots.flatMap(({ kind }) =>
      kind.case === 'budget' && kind.value.knownGood ? [kind.value.version] : [],
    );
    expect([...new Set(good)].sort()).toEqual(expected.knownGood);
  });

  it('counts what came in', () => {
    const counts = snapshots.flatMap(({ kind }) => (kind.case === 'counts' ? [kind.value] : [])).at(-1);
    expect(counts).toMatchObject({
      predictions: expected.predictions.ingested,
      outcomes: expected.outcomes.ingested,
      labelled: expected.outcomes.labelled,
      beyondBuckets: 0,
    });
  });

  it('has every right answer of what served in its history', () => {
    const correct = new Map<string, number>();
    for (const { kind } of snapshots) {
      if (kind.case !== 'bucket' || kind.value.role !== Role.PRIMARY) continue;
      correct.set(`${kind.value.version} ${kind.value.startMs}`, kind.value.correct);
    }
    const right = [...correct.values()].reduce((sum, each) => sum + each, 0);
    expect(right * usdPerRight).toBeCloseTo(expected.value.earnedUsd, 6);
  });
});
