import { afterAll, describe, expect, it } from '@jest/globals';
import { dataFolder, expected, finalLineOf, minutes, play, removeDataFolders } from '../testing/play-example.js';

afterAll(removeDataFolders);

describe('the story of the example', () => {
  it(
    'is the same at a speed at which a person can follow it, and on several partitions',
    async () => {
      const ended = await play(dataFolder(), ['--speed', '60'], undefined, { MOOLA_PARTITIONS: '3' });
      expect(finalLineOf(ended)).toEqual(expected('story-seed-1'));
    },
    10 * minutes,
  );
});
