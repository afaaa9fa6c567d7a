import { describe, expect, it } from '@jest/globals';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { SeededRandom } from '../story/random.js';
import { randomIntake } from '../story/random-intake.js';
import { joinProcessor } from './join-processor.js';

const door = { processor: '', partition: 0 } as const;

describe('collector/join', () => {
  it('gives the same rows under every schedule of crashes, owners, stores and repetitions', async () => {
    const random = new SeededRandom(7);
    const input = randomIntake(random, 80).map((row) => {
      const partition = random.below(2);
      if (!('data' in row)) return row;
      return { data: row.data, partition, ...(random.chance(50) && { source: door }) };
    });
    const { schedules, counts } = await checkSchedules({ processor: joinProcessor, input, seeds: 60 });
    expect(schedules).toBeGreaterThanOrEqual(1);
    expect(counts.crashes).toBeGreaterThan(0);
    expect(counts.restores).toBeGreaterThan(0);
    expect(counts.storesWentBack).toBeGreaterThan(0);
    expect(counts.rowsRepeated).toBeGreaterThan(0);
  }, 300_000);
});
