import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { bridgeProcessor } from '@moola/bridge/money/domain/bridge-processor';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { experimentProcessor } from '@moola/experiment/comparison/domain/experiment-processor';
import { decide } from '@moola/responder/domain/decide/decide';
import { exampleModel as model, exampleStory, type ExampleStory } from '@moola/testing/example-story';
import { runProcessor, type EmittedRow, type TestRow } from '@moola/testing/run-processor';
import { observationsOf } from '@moola/tracker/testing/example-observations';
import { createTracker } from '@moola/tracker/domain/tracker';
import { StoryFacts } from './story-facts.js';

/**
 * The example's log through tracker, experiment, bridge and responder, in memory: its incidents, and the three answers
 * to each rollback question, must be the oracle's. Deployments are given as the oracle saw them; that the responder's
 * own actions lead to them is what the replay is tested for.
 */

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

function dataOf<T>(rows: readonly EmittedRow[], topic: string): T[] {
  return rows.flatMap((row) => (row.topic === topic && row.content.kind === 'data' ? [row.content.value as T] : []));
}

/** What a stage gives to the next, its ticks included. */
function passedOn<T>(rows: readonly EmittedRow[], topic: string): TestRow<T>[] {
  return rows.flatMap((row): TestRow<T>[] => {
    if (row.topic !== topic) return [];
    if (row.content.kind === 'tick') return [{ tick: row.content.tickMs }];
    return row.content.kind === 'data' ? [{ data: row.content.value as T }] : [];
  });
}

/** Source after source within each tick, as a replay merges them. */
function merged(sources: readonly (readonly TestRow<Signal>[])[], ticks: readonly number[]): TestRow<Signal>[] {
  const byTick = new Map<number, TestRow<Signal>[]>();
  for (const rows of sources) {
    let open: TestRow<Signal>[] = [];
    for (const row of rows) {
      if ('tick' in row) {
        byTick.set(row.tick, [...(byTick.get(row.tick) ?? []), ...open]);
        open = [];
      } else {
        open.push(row);
      }
    }
  }
  return ticks.flatMap((tick) => [...(byTick.get(tick) ?? []), { tick }]);
}

/** The registry obeys, one tick after it was asked. */
function resultsOf({ rollbacks, ticks }: ExampleStory): TestRow<Signal>[] {
  const steps = new Map<string, number>();
  return rollbacks.flatMap(({ incident, decidedAt }) => {
    const step = (steps.get(incident) ?? 0) + 1;
    steps.set(incident, step);
    const tick = ticks.find((each) => each > Date.parse(decidedAt)) ?? 0;
    const result = { incident, step, attempt: 1, outcome: ActionOutcome.DONE, detail: 'moved' };
    return [{ data: create(SignalSchema, { atMs: tick, model, kind: { case: 'result', value: result } }) }, { tick }];
  });
}

function told(story: ExampleStory): { facts: StoryFacts; events: IncidentEvent[] } {
  const observations = observationsOf(story);
  const tracked = runProcessor(createTracker({ windowsMs: [] }), observations);
  const snapshots = passedOn<Snapshot>(tracked, 'snapshots');
  const definitions = story.definitions.map((definition) => ({ definition }));
  const compared = runProcessor(experimentProcessor, observations);
  const money = runProcessor(bridgeProcessor, [...definitions, ...snapshots]);
  const published = [money, compared, tracked].map((rows) => passedOn<Signal>(rows, 'signals'));
  const signals = merged([resultsOf(story), ...published], story.ticks);
  const decided = runProcessor(decide({ actionsExpireAfterMs: 0 }), [...definitions, ...signals]);
  const facts = new StoryFacts(model);
  for (const snapshot of dataOf<Snapshot>(tracked, 'snapshots')) facts.takeSnapshot(snapshot);
  const events = dataOf<IncidentEvent>(decided, 'incidents');
  for (const event of events) facts.takeIncidentEvent(event);
  return { facts, events };
}

describe.each([
  ['story', 1],
  ['story', 2],
  ['story', 3],
  ['within-budget', 1],
  ['never-shipped', 1],
  ['only-v0', 1],
])('the incidents of the example, releases %s, seed %d', (releases, seed) => {
  const story = exampleStory(releases, seed);
  const { facts, events } = told(story);
  const expected = story.expected as unknown as {
    incidents: Record<string, unknown>[];
    rollbacks: { held: unknown[] };
  };

  it('open, rise and end as the oracle’s do', () => {
    const incidents = [...facts.incidents.values()].map(({ id, rule, severity, openedAtMs, resolvedAtMs, tier }) => ({
      id,
      rule,
      severity,
      opened: iso(openedAtMs),
      resolved: isoOrNull(resolvedAtMs),
      tier,
    }));
    expect(incidents).toEqual(
      expected.incidents.map(({ id, rule, severity, opened, resolved, tier }) => ({
        id,
        rule,
        severity,
        opened,
        resolved,
        tier,
      })),
    );
  });

  it('cost what the oracle says, while they are open as well', () => {
    const cost = new Map<string, number>();
    for (const { incident, kind } of events) {
      if (kind.case === 'priced' || kind.case === 'resolved') cost.set(incident, rounded(kind.value.costUsd));
    }
    for (const { id, costUsd } of expected.incidents) expect([id, cost.get(id as string) ?? 0]).toEqual([id, costUsd]);
  });

  it('hold rollbacks when the oracle does, and for its reasons', () => {
    const held = facts.held.map(({ incident, atMs, serving, candidate, reason }) => ({
      incident,
      at: iso(atMs),
      serving,
      candidate: candidate === '' ? null : candidate,
      reason,
    }));
    expect(held).toEqual(expected.rollbacks.held);
  });

  it('mitigate, roll back and verify when the oracle does, on its figures', () => {
    const rollbacks = facts.rollbacks.map((rollback) => ({
      incident: rollback.incident,
      from: rollback.from,
      to: rollback.to,
      decidedAt: iso(rollback.decidedAtMs),
      servedAt: isoOrNull(rollback.servedAtMs),
      verifiedAt: isoOrNull(rollback.verifiedAtMs),
      pairs: rollback.pairs,
      difference: rounded(rollback.difference),
      lower: rounded(rollback.lower ?? 0),
    }));
    expect(rollbacks).toEqual(
      story.rollbacks.map(({ incident, from, to, decidedAt, servedAt, verifiedAt, pairs, difference, lower }) => ({
        incident,
        from,
        to,
        decidedAt,
        servedAt,
        verifiedAt,
        pairs,
        difference,
        lower,
      })),
    );
  });

  it('have a post-mortem when they are over', () => {
    const resolved = events.flatMap(({ incident, kind }) => (kind.case === 'resolved' ? [incident] : []));
    const written = events.flatMap(({ incident, kind }) => (kind.case === 'postMortem' ? [incident] : []));
    expect(written).toEqual(resolved);
  });
});
