import { expect, it } from '@jest/globals';
import { costText, dollars, metricValue, span } from './format';

it.each([
  [9.06, '9 ms'],
  [8.97, '9 ms'],
  [155.32, '155 ms'],
  [0.1344, '0.134 ms'],
  [0.1312, '0.13 ms'],
  [1.25, '1.25 ms'],
  [1234.5, '1,235 ms'],
  [0, '0 ms'],
])('a percentile of %p is shown with the digits that it is worth: %p', (value, shown) => {
  expect(metricValue('latency_p95', value)).toBe(shown);
});

it.each([
  [true, null, 'unknown'],
  [true, 0, '$0.00'],
  [true, 1.25, '$1.25'],
  [false, 0, 'not priced'],
])('an incident (gate: %p) that cost %p says: %p', (gate, costUsd, said) => {
  expect(costText({ gate, costUsd })).toBe(said);
});

it.each([
  [1204.5, '$1,204.50'],
  // Rounded as the CLI and the post-mortem round it.
  [5.185, '$5.18'],
  [0.4538, '$0.45'],
  [0.001, '$0.001'],
  [-2, '−$2.00'],
])('%p dollars are said as %p', (usd, said) => {
  expect(dollars(usd)).toBe(said);
});

it.each([
  [30_000, '30 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [7_500_000, '2 h 5 min'],
])('%p ms are said as %p', (ms, said) => {
  expect(span(ms)).toBe(said);
});
