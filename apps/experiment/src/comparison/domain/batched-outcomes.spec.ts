import { describe, expect, it } from '@jest/globals';
import type { PairedComparison, Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { Random } from '@moola/streams/adapters/simulated/random';
import { runProcessor, type TestRow } from '@moola/testing/run-processor';
import { deployment, labelled, modelDefinition } from '../story/observation-rows.js';
import { experimentProcessor } from './experiment-processor.js';

/**
 * 3,480 shared inputs of half an hour, on which the serving version is right in 47.7 % and its shadow in 90.5 %: an answer
 * must not depend on when the outcomes were sent. By the arrival of outcomes their batches looked like dependence: a design
 * effect of 115, bounds from −115 to +12 points, and no evidence.
 */
const minute = 60_000;
const inputs = 3_480;
const endMs = 30 * minute;

interface Input {
  readonly predictedAtMs: number;
  readonly serving: boolean;
  readonly shadow: boolean;
}

/** Exactly 1,660 and 3,149 right. @param share of the time in which the serving version is sick; it is well before. */
function answersOf(share: number): Input[] {
  const random = new Random(7);
  const shuffled = (right: number, of: number): boolean[] => {
    const rights = Array.from({ length: of }, (_, i) => i < right);
    for (let i = of - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [rights[i], rights[j]] = [rights[j] as boolean, rights[i] as boolean];
    }
    return rights;
  };
  const sick = Math.round(inputs * share);
  const well = Math.round((inputs - sick) * 0.905);
  const serving = [...shuffled(well, inputs - sick), ...shuffled(1_660 - well, sick)];
  const shadow = shuffled(3_149, inputs);
  return Array.from({ length: inputs }, (_, i) => ({
    predictedAtMs: Math.floor((i * endMs) / inputs),
    serving: serving[i] as boolean,
    shadow: shadow[i] as boolean,
  }));
}

/** When each outcome is sent. */
const sendings: Record<string, (input: Input) => number> = {
  'as they become known': ({ predictedAtMs }) => predictedAtMs + 5_000,
  'in batches of ten minutes': ({ predictedAtMs }) => (Math.floor(predictedAtMs / (10 * minute)) + 1) * 10 * minute + 1,
  'at once at the end': () => endMs + 1,
  'backfilled days later': () => 3 * 24 * 60 * minute,
};

function comparisonOf(sick: number, sentAt: (input: Input) => number, bucketMs: number): PairedComparison | undefined {
  const settings = { bucketMs, lag: 0, alpha: 0.05, tunedForBuckets: 100, minimumPairs: 100, designEffect: 1 };
  const rows: TestRow<ObservationRow>[] = [{ definition: modelDefinition(settings) }, { data: deployment('v7', 0) }];
  const sent = answersOf(sick)
    .map((input, group) => ({ input, group, atMs: sentAt(input) }))
    .sort((a, b) => a.atMs - b.atMs);
  let tickMs = 0;
  for (const { input, group, atMs } of sent) {
    for (; tickMs + bucketMs < atMs; tickMs += bucketMs) rows.push({ tick: tickMs });
    const row = { input: `${group}`, group, predictedAtMs: input.predictedAtMs, knownAtMs: atMs };
    rows.push({ data: labelled('v7', input.serving, row) }, { data: labelled('v6', input.shadow, row) });
  }
  rows.push({ tick: tickMs + bucketMs }, { tick: tickMs + 2 * bucketMs });
  return runProcessor(experimentProcessor, rows)
    .flatMap(({ topic, content }) => (topic === 'signals' && content.kind === 'data' ? [content.value as Signal] : []))
    .flatMap(({ kind }) => (kind.case === 'comparison' ? [kind.value] : []))
    .at(-1);
}

describe.each([
  ['sick from the beginning', 1],
  ['sick for two thirds of the time', 2 / 3],
])('3,480 inputs, 47.7 %% against 90.5 %%, %s', (_, sick) => {
  describe.each([5_000, minute])('in buckets of %d ms', (bucketMs) => {
    const comparisons = Object.fromEntries(
      Object.entries(sendings).map(([name, sentAt]) => [name, comparisonOf(sick, sentAt, bucketMs)]),
    );

    it.each(Object.keys(sendings))('the shadow is better, its outcomes sent %s', (name) => {
      const comparison = comparisons[name];
      expect(comparison).toMatchObject({ first: 'v6', second: 'v7', pairs: inputs });
      expect(comparison?.difference).toBeCloseTo(0.428, 3);
      expect(comparison?.lower).toBeGreaterThan(0);
      expect(comparison?.upper).toBeLessThanOrEqual(1);
      expect(comparison?.heldBackByDependence).toBe(false);
    });

    it('the answer is the same to the last bit', () => {
      const [first, ...others] = Object.values(comparisons).map((each) => ({ ...each, newestKnownMs: 0 }));
      for (const comparison of others) expect(comparison).toEqual(first);
    });
  });
});
