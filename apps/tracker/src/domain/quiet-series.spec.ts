import { describe, expect, it } from '@jest/globals';
import { Comparator, Compare } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { runProcessor, type EmittedRow, type RunOptions, type TestRow } from '@moola/testing/run-processor';
import { firstDifference, linesOf } from '../testing/lines-of.js';
import { deploymentRow, labelledRow, predictionRow } from '../testing/observation-rows.js';
import { generator } from '../testing/random-story.js';
import { minuteMs, modelDefinition, ruleDefinition } from '../testing/tracker-story.js';
import { createTracker } from './tracker.js';

/**
 * Rare series around the samples that their rules and budgets ask for. A tracker that is restarted before every row knows
 * of none that it is quiet, and judges them all at every tick: it is the oracle.
 */
const models = ['A', 'B', 'C', 'D'];
const beginMs = 1_000_000 * minuteMs;
const accuracy = { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, minimumSamples: 3 };
const slow = { metric: 'latency_p95', comparator: Comparator.ABOVE, limit: 40, minimumSamples: 4 };
const knownGood = { windowMs: 2 * minuteMs, knownGoodLabels: 2, knownGoodAfterMs: 10_000 };

/** D is undeclared. */
const definitions = [
  modelDefinition({ bucketMs: 10_000, budget: { ...knownGood, lines: [{ ...accuracy, gate: true }] } }, 'A'),
  // Without a gate it is always within.
  modelDefinition(
    { bucketMs: 10_000, budget: { ...knownGood, knownGoodAfterMs: 0, lines: [{ ...accuracy, minimumSamples: 9 }] } },
    'B',
  ),
  modelDefinition({ budget: { lines: [{ ...accuracy, gate: true, minimumSamples: 50 }, slow] } }, 'C'),
  ruleDefinition('Drop', { model: '', ...accuracy, windowMs: minuteMs, minimumSamples: 2 }),
  ruleDefinition('Slow', { model: 'D', ...slow }),
  ruleDefinition('Worse', {
    ...{ model: 'A', metric: 'accuracy', minimumSamples: 1, compare: Compare.DIFFERENCE_TO_BASELINE },
    ...{ comparator: Comparator.BELOW, limit: -0.1, windowMs: 2 * minuteMs },
  }),
];

function rareEvents(seed: number): TestRow<ObservationRow>[] {
  const random = generator(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const rows: TestRow<ObservationRow>[] = definitions.map((definition) => ({ definition }));
  let nowMs = beginMs;
  for (let tick = 0; tick < 120; tick++) {
    for (const model of models) {
      if (random() < 0.4) continue;
      const version = pick(['v1', 'v1', 'v2']);
      const role = pick([Role.SHADOW, version === 'v1' ? Role.PRIMARY : Role.SHADOW]);
      // Some belong to buckets that open later.
      const timeMs = nowMs + Math.floor((random() - (random() < 0.3 ? 0 : 0.9)) * 30_000);
      if (random() < 0.02) rows.push({ data: deploymentRow(model, pick(['v1', 'v2']), pick([1, 2]), nowMs) });
      if (random() < 0.5) {
        rows.push({ data: predictionRow({ model, version, role, timeMs, latencyMs: 60 * random() }) });
      } else {
        const label = { model, version, role, predictedAtMs: timeMs, truth: pick(['1', '1', '0']), group: rows.length };
        rows.push({ data: labelledRow({ ...label, knownAtMs: timeMs }) });
      }
    }
    nowMs += pick([100, 100, 5000, 10_000, 20_000]);
    rows.push({ tick: nowMs });
  }
  return rows;
}

function run(rows: readonly TestRow<ObservationRow>[], options: RunOptions = {}): EmittedRow[] {
  return runProcessor(createTracker({ windowsMs: [minuteMs, 5 * minuteMs] }), rows, options);
}

describe('quiet series', () => {
  it.each([1, 2, 3, 4, 5])('are judged as if they were judged at every tick (story %d)', (seed) => {
    const rows = rareEvents(seed);
    const emitted = run(rows);
    const alerts = emitted.filter(
      ({ content }) => content.kind === 'data' && (content.value as Snapshot).kind.case === 'alert',
    );
    expect(alerts.length).toBeGreaterThan(5);
    const oracle = run(rows, { restartBefore: new Set(rows.keys()) });
    expect(firstDifference(linesOf(emitted), linesOf(oracle))).toBeNull();
  });
});
