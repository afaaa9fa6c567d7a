import { afterAll, describe, expect, it } from '@jest/globals';
import { dataFolder, expected, finalLineOf, minutes, play, removeDataFolders } from '../testing/play-example.js';

afterAll(removeDataFolders);

describe('the story of the example', () => {
  it(
    'is the same when it is killed half-way and started again',
    async () => {
      const folder = dataFolder();
      // Half-way, and again right after the rollback was decided, when the alias may or may not have moved.
      const killAt = [/AccuracyDrop~2: Opened/, /AccuracyDrop~5: Mitigation/];
      for (const pattern of killAt) {
        const killed = await play(folder, [], (line, kill) => pattern.test(line) && kill());
        expect(killed.code).toBeNull();
      }
      expect(finalLineOf(await play(folder, []))).toEqual(expected('story-seed-1'));
    },
    10 * minutes,
  );
});
