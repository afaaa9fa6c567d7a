import { expect, it } from '@jest/globals';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { Random } from '@moola/streams/adapters/simulated/random';
import { randomPairs } from '../story/traffic.js';
import { protectedValueProcessor } from './protected-value-processor.js';

it('gives the same rows under every schedule', async () => {
  const { schedules, counts } = await checkSchedules({
    processor: protectedValueProcessor,
    input: randomPairs(new Random(1), 12),
    seeds: 60,
  });
  expect(schedules).toBeGreaterThanOrEqual(1);
  expect(counts.crashes).toBeGreaterThan(0);
}, 120_000);
