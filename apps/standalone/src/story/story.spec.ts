import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  dataFolder,
  expected,
  finalLineOf,
  minutes,
  play,
  removeDataFolders,
  replay,
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
    ['v2 is never shipped: no rollback', 'never-shipped-seed-1', 'seed-1', 'never-shipped', []],
    [
      'a bad release, and a target within budget: a plain rollback, verified',
      ...(['within-budget-seed-1', 'seed-1', 'within-budget', []] as const),
    ],
    [
      'only v0 in shadow in 2007: held',
      ...(['only-v0-seed-1', 'seed-1', 'only-v0', ['--until', '2004-01-02T16:46:00Z']] as const),
    ],
    ['another seed', 'story-seed-2', 'seed-2', 'story', []],
    ['a third seed', 'story-seed-3', 'seed-3', 'story', []],
  ] as const)(
    'replayed by a command of its own changes as it should: %s',
    async (_title, answer, log, releases, options) => {
      expect(finalLineOf(await replay(dataFolder(), log, releases, options))).toEqual(expected(answer));
    },
    5 * minutes,
  );
});
