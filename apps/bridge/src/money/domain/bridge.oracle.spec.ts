import { describe, expect, it } from '@jest/globals';
import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { exampleStepMs, exampleStory } from '@moola/testing/example-story';
import { runProcessor } from '@moola/testing/run-processor';
import { exampleSnapshots } from '../story/example-snapshots.js';
import { bridgeProcessor } from './bridge-processor.js';

/** The example's log through the bridge, what serves given as the oracle saw it: the money must be the oracle's. */
describe('the money of the example is the oracle’s', () => {
  it.each([
    ['story', 1],
    ['story', 2],
    ['story', 3],
    ['within-budget', 1],
    ['never-shipped', 1],
    ['only-v0', 1],
  ])('in %s with seed %i', (releases, seed) => {
    const story = exampleStory(releases, seed);
    const published = runProcessor(bridgeProcessor, exampleSnapshots(story)).flatMap(({ content }) =>
      content.kind === 'data' ? [content.value as Kpi | Signal] : [],
    );
    const { value, incidents, alerts } = story.expected;

    const earned = published.flatMap(({ kind }) => (kind.case === 'revenue' ? [kind.value.earnedUsd] : [])).at(-1);
    expect(earned).toBeCloseTo(value.earnedUsd, 6);

    const losses = published.flatMap(({ atMs, kind }) => (kind.case === 'loss' ? [{ atMs, ...kind.value }] : []));
    const lossAt = (tickMs: number) => losses.filter(({ atMs }) => atMs <= tickMs).at(-1)?.usdPerMinute ?? 0;
    for (const { rule, opened, resolved, costUsd } of incidents) {
      if (rule !== 'SimpleLSTMAccuracyDrop') continue;
      const breach = alerts[rule]?.intervals.find(({ firing }) => firing === opened)?.breach ?? '';
      const end = resolved === null ? Infinity : Date.parse(resolved);
      const open = story.ticks.filter((tickMs) => tickMs >= Date.parse(breach) && tickMs < end);
      const cost = open.reduce((sum, tickMs) => sum + (lossAt(tickMs) * exampleStepMs) / 60_000, 0);
      expect(cost).toBeCloseTo(costUsd, 6);
    }
  });
});
