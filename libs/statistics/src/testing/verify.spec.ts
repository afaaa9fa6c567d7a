import { describe, expect, it } from '@jest/globals';
import { careless, falseDiscoveries, mostBelieved, runExperiment, scenarios } from './verify.js';

const looks = { count: 40, unitsEach: 20 };
const runs = 60;
const endings = (scenario: (typeof scenarios)[number]) =>
  Array.from({ length: runs }, (_, seed) => runExperiment(scenario, 0, looks, seed + 1));

/** The whole is `npm run verify:experiments`: docs/experiments-verified.md. */
describe('experiments without an effect', () => {
  it.each(scenarios)('are decided in at most 5 %, however often one looks: $name', (scenario) => {
    const ended = endings(scenario);
    expect(ended.filter(({ anytime }) => anytime !== null).length).toBeLessThanOrEqual(mostBelieved(runs, 0.05));
    expect(ended.filter(({ group }) => group !== null).length).toBeLessThanOrEqual(mostBelieved(runs, 0.06));
    expect(ended.filter(({ anytimeCovers }) => !anytimeCovers).length).toBeLessThanOrEqual(mostBelieved(runs, 0.05));
    // Looking at the fixed test as often errs several times as often: the simulation can tell.
    expect(ended.filter(({ peeking }) => peeking !== null).length).toBeGreaterThan(mostBelieved(runs, 0.05));
  });

  it('err far more often where rows of a unit are taken for independent', () =>
    expect(endings(careless).filter(({ anytime }) => anytime !== null).length).toBeGreaterThan(
      mostBelieved(runs, 0.05),
    ));
});

describe('of several tests', () => {
  it('Benjamini and Hochberg leave at most 5 % of false discoveries on average', () => {
    const all = Array.from({ length: 200 }, (_, seed) => falseDiscoveries(50, 10, seed + 1));
    const average = all.reduce((sum, { share }) => sum + share, 0) / all.length;
    expect(average).toBeLessThan(0.05);
    expect(all.reduce((sum, { found }) => sum + found, 0) / all.length).toBeGreaterThan(5);
  });
});
