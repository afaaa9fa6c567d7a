import { expect, it } from '@jest/globals';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { Random } from '@moola/streams/adapters/simulated/random';
import { randomTraffic } from '../story/traffic.js';
import { experimentProcessor } from './experiment-processor.js';

const settings = { bucketMs: 60_000, lag: 2, alpha: 0.05, tunedForBuckets: 60, minimumPairs: 2, designEffect: 3 };

it('gives the same rows under every schedule', async () => {
  const { schedules, counts } = await checkSchedules({
    processor: experimentProcessor,
    input: randomTraffic(new Random(1), settings, 20),
    partitions: { signals: 1 },
    seeds: 60,
  });
  expect(schedules).toBeGreaterThanOrEqual(1);
  expect(counts.crashes).toBeGreaterThan(0);
}, 300_000);
