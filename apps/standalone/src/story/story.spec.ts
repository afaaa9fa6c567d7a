import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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
    'ends as the oracle says, and leaves a post-mortem of every incident that was resolved',
    async () => {
      const folder = dataFolder();
      const line = finalLineOf(await play(folder, [])) as { postMortems: string[] };
      expect(line).toEqual(expected('story-seed-1'));
      const files = readdirSync(join(folder, 'post-mortems')).map((file) => `post-mortems/${file}`);
      expect(files.sort()).toEqual([...line.postMortems].sort());
    },
    5 * minutes,
  );

  it.each([
    [
      'v2 is never shipped: no rollback',
      'never-shipped-seed-1',
      ['--releases', `${example}/releases/never-shipped.csv`],
    ],
    [
      'a bad release, and a target within budget: a plain rollback, verified',
      'within-budget-seed-1',
      ['--releases', `${example}/releases/within-budget.csv`],
    ],
    [
      'only v0 in shadow in 2007: held',
      'only-v0-seed-1',
      ['--releases', `${example}/releases/only-v0.csv`, '--until', '2004-01-02T16:46:00Z'],
    ],
    ['another seed', 'story-seed-2', ['--log', `${example}/log/seed-2.csv.gz`]],
    ['a third seed', 'story-seed-3', ['--log', `${example}/log/seed-3.csv.gz`]],
  ])(
    'changes as it should: %s',
    async (_title, answer, options) => {
      expect(finalLineOf(await play(dataFolder(), options))).toEqual(expected(answer));
    },
    5 * minutes,
  );
});
