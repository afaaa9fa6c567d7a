import { describe, expect, it } from '@jest/globals';
import type { PairedComparison, Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { LabelledRow, ObservationRow } from '@moola/contracts/rows';
import { beforeEachTick, exampleStory, type ExampleStory, type StoryAnswer } from '@moola/testing/example-story';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { deployment, labelled } from '../story/observation-rows.js';
import { experimentProcessor } from './experiment-processor.js';

/**
 * The example's log through the comparison, what serves given as the oracle saw it: the comparisons that its rollbacks
 * were decided on and verified by must be the oracle's.
 */

/** What the join would write: step by step deployments, then outcomes by the time at which they became known. */
function rowsOf({ definitions, deployments, answers, ticks }: ExampleStory): TestRow<ObservationRow>[] {
  const outcomes = new Map<string, StoryAnswer[]>();
  for (const answer of answers.filter(({ truth }) => truth !== '')) {
    outcomes.set(answer.input, [...(outcomes.get(answer.input) ?? []), answer]);
  }
  const groups = [...outcomes.values()].map((versions, group): { knownAtMs: number; rows: LabelledRow[] } => ({
    knownAtMs: versions[0]?.knownAtMs ?? 0,
    rows: versions.map(({ timeMs, version, ...answer }) =>
      labelled(version, answer.class === answer.truth, { ...answer, group, predictedAtMs: timeMs }),
    ),
  }));
  const rows: TestRow<ObservationRow>[] = definitions.map((definition) => ({ definition }));
  const deployedBefore = beforeEachTick(deployments, ({ timeMs }) => timeMs);
  const knownBefore = beforeEachTick(groups, ({ knownAtMs }) => knownAtMs);
  for (const tick of ticks) {
    for (const { version, timeMs, role } of deployedBefore(tick))
      rows.push({ data: deployment(version, timeMs, role) });
    for (const group of knownBefore(tick)) rows.push(...group.rows.map((data) => ({ data })));
    rows.push({ tick });
  }
  return rows;
}

type Directed = Pick<PairedComparison, 'pairs' | 'difference' | 'lower'>;

/** The last comparison of `to` − `from` at a time, published at or before it since the last version began to serve. */
function standing(signals: readonly Signal[], to: string, from: string, atMs: number): Directed | undefined {
  for (const { kind, atMs: publishedMs } of [...signals].reverse()) {
    if (kind.case !== 'comparison' || publishedMs > atMs) continue;
    const { first, second, pairs, difference, lower, upper } = kind.value;
    if (first === to && second === from) return { pairs, difference, ...(lower === undefined ? {} : { lower }) };
    if (first === from && second === to) {
      return { pairs, difference: -difference, ...(upper === undefined ? {} : { lower: -upper }) };
    }
  }
  return undefined;
}

describe('the comparisons of the example are the oracle’s', () => {
  it.each([
    ['story', 1],
    ['story', 2],
    ['story', 3],
    ['within-budget', 1],
  ])('in %s with seed %i', (releases, seed) => {
    const story = exampleStory(releases, seed);
    const signals = runProcessor(experimentProcessor, rowsOf(story)).flatMap(({ topic, content }) =>
      topic === 'signals' && content.kind === 'data' ? [content.value as Signal] : [],
    );
    expect(story.rollbacks.length).toBeGreaterThan(0);
    for (const rollback of story.rollbacks) {
      const decided = standing(signals, rollback.to, rollback.from, Date.parse(rollback.decidedAt));
      expect(decided?.pairs).toBe(rollback.pairs);
      expect(decided?.difference).toBeCloseTo(rollback.difference, 6);
      expect(decided?.lower).toBeCloseTo(rollback.lower, 6);
      if (rollback.verifiedAt === null) continue;
      const verified = standing(signals, rollback.to, rollback.from, Date.parse(rollback.verifiedAt));
      expect(verified?.lower).toBeGreaterThan(0);
    }
  });
});
