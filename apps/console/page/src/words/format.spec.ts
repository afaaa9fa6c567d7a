import { expect, it } from '@jest/globals';
import { metricValue } from './format';

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
