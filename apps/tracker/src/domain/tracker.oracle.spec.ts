import { describe, expect, it } from '@jest/globals';
import { AlertState, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { exampleStory, type ExpectedInterval } from '@moola/testing/example-story';
import { runProcessor } from '@moola/testing/run-processor';
import { observationsOf } from '../testing/example-observations.js';
import { createTracker } from './tracker.js';

/**
 * The example's log through the tracker, what serves given as the oracle saw it: its alerts, its counts, what is known
 * good and what was earned must be the oracle's.
 */

const usdPerRight = 0.05;
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

function intervalsOf(snapshots: readonly Snapshot[], rule: string): ExpectedInterval[] {
  const intervals: { -readonly [K in keyof ExpectedInterval]: ExpectedInterval[K] }[] = [];
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
])('the tracker on the example, releases %s, seed %d', (releases, seed) => {
  const story = exampleStory(releases, seed);
  const { expected } = story;
  // The windows that the definitions name are enough.
  const snapshots = runProcessor(createTracker({ windowsMs: [] }), observationsOf(story)).flatMap(
    ({ topic, content }) => (topic === 'snapshots' && content.kind === 'data' ? [content.value as Snapshot] : []),
  );

  it.each(Object.keys(expected.alerts))('has the alerts of %s that the oracle has', (rule) => {
    expect(intervalsOf(snapshots, rule)).toEqual(expected.alerts[rule]?.intervals);
  });

  it('knows as good what the oracle knows', () => {
    const good = snapshots.flatMap(({ kind }) => (kind.case === 'budget' && kind.value.knownGood ? [kind.value] : []));
    expect([...new Set(good.map(({ version }) => version))].sort()).toEqual(expected.knownGood);
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
