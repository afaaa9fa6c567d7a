import { describe, expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { runProcessor, type RunOptions } from '@moola/testing/run-processor';
import { firstDifference, linesOf } from '../testing/lines-of.js';
import { generator, randomRows, withSubjects } from '../testing/random-story.js';
import { createTracker } from './tracker.js';

const tracker = createTracker({ windowsMs: [60_000, 300_000, 3_600_000] });

/** What comes out, a line each. */
function run(rows: ReturnType<typeof randomRows>, options: RunOptions = {}): string[] {
  return linesOf(runProcessor(tracker, rows, options));
}

describe('the tracker', () => {
  it.each([1, 2])('gives the same rows when it is restarted before every row (story %d)', (seed) => {
    const rows = withSubjects(randomRows(seed, 60), seed);
    const restartBefore = new Set(rows.keys());
    const expected = run(rows);
    expect(expected.length).toBeGreaterThan(500);
    expect(firstDifference(run(rows, { restartBefore }), expected)).toBeNull();
  });

  it.each([11, 12, 13, 14])('gives the same rows after restarts here and there (story %d)', (seed) => {
    const rows = withSubjects(randomRows(seed, 90), seed);
    const random = generator(seed);
    const restartBefore = new Set([...rows.keys()].filter(() => random() < 0.1));
    expect(firstDifference(run(rows, { restartBefore }), run(rows))).toBeNull();
  });

  it('gives the same rows under every schedule of faults', async () => {
    const report = await checkSchedules({
      processor: createTracker({ windowsMs: [60_000] }),
      input: withSubjects(randomRows(7, 24), 7).map((row) => ('data' in row ? { data: row.data } : row)),
      partitions: { [topics.signals.name]: 1 },
      seeds: 30,
    });
    expect(report.schedules).toBeGreaterThan(0);
    expect(report.counts.crashes).toBeGreaterThan(0);
  }, 300_000);
});
