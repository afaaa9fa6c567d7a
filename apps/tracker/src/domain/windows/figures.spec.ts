import { expect, it } from '@jest/globals';
import { metrics } from '@moola/contracts/definitions/metrics';
import { trackerMetrics } from './figures.js';

it('computes every metric that a definition may name, and no other', () => {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  expect(names(trackerMetrics)).toEqual(names(metrics));
});

it('gives an interval to the metrics that rest on outcomes and are ratios, as definitions are told', () => {
  const withInterval = trackerMetrics.filter(({ dependence }) => dependence && dependence !== 'none');
  expect(withInterval.map(({ name }) => name)).toEqual(metrics.filter(({ label }) => label).map(({ name }) => name));
});
