import { expect, it } from '@jest/globals';
import { Random } from '@moola/streams/adapters/simulated/random';
import { decidesWrongly, mostBelieved, scenarios } from '../story/no-difference.js';
import { undeclaredSettings } from './comparison-settings.js';

/** `tools/statistics/false-positives.mjs` tells more and longer stories: results in `tools/statistics/README.md`. */
const stories = 200;
const buckets = 240;

it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  'where there is no difference, the bound finds one at most as often as it may: %s',
  (_, scenario) => {
    let wrong = 0;
    for (let seed = 1; seed <= stories; seed++) {
      if (decidesWrongly(scenario, buckets, new Random(seed))) wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(mostBelieved(stories, undeclaredSettings.alpha));
  },
  60_000,
);

it('at 200 stories up to 18 wrong ones are believed to be 5 % (the binomial quantile at 99 %)', () =>
  expect(mostBelieved(200, 0.05)).toBe(18));
