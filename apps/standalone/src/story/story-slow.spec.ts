import { afterAll, describe, expect, it } from '@jest/globals';
import {
  dataFolder,
  example,
  expected,
  finalLineOf,
  minutes,
  play,
  removeDataFolders,
} from '../testing/play-example.js';

afterAll(removeDataFolders);

describe('the story of the example', () => {
  it(
    'is the same at a speed at which a person can follow it, and on several partitions',
    async () => {
      const options = [
        ...['--speed', '10', '--until', '2004-01-02T16:46:00Z'],
        ...['--releases', `${example}/releases/only-v0.csv`],
      ];
      const ended = await play(dataFolder(), options, undefined, { MOOLA_PARTITIONS: '3' });
      expect(finalLineOf(ended)).toEqual(expected('only-v0-seed-1'));
    },
    10 * minutes,
  );
});
