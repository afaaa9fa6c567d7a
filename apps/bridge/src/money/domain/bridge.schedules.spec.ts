import { expect, it } from '@jest/globals';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { Random } from '@moola/streams/adapters/simulated/random';
import { randomSnapshots } from '../story/traffic.js';
import { bridgeProcessor } from './bridge-processor.js';

it('gives the same rows under every schedule', async () => {
  const { schedules, counts } = await checkSchedules({
    processor: bridgeProcessor,
    input: randomSnapshots(new Random(1), 12),
    partitions: { signals: 1 },
    seeds: 60,
  });
  expect(schedules).toBeGreaterThanOrEqual(1);
  expect(counts.crashes).toBeGreaterThan(0);
}, 300_000);
