import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { Comparator, Compare, RuleDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { ratioOf } from '@moola/metrics/fraction';
import { conditionOf, type Condition, type Reading } from './condition.js';

const { BELOW, ABOVE } = Comparator;
const { FIGURE, BOUND, RATIO_TO_BASELINE, DIFFERENCE_TO_BASELINE } = Compare;

type Row = [string, { compare: Compare; comparator: Comparator; limit: number }, Partial<Reading>, Condition];

const rows: Row[] = [
  ['a figure below', { compare: FIGURE, comparator: BELOW, limit: 0.8 }, { value: 0.79 }, 1],
  ['a figure at its limit', { compare: FIGURE, comparator: BELOW, limit: 0.8 }, { value: 0.8 }, 0],
  ['a figure above', { compare: FIGURE, comparator: ABOVE, limit: 50 }, { value: 50.1 }, 1],
  ['a figure at its upper limit', { compare: FIGURE, comparator: ABOVE, limit: 50 }, { value: 50 }, 0],
  ['no figure', { compare: FIGURE, comparator: ABOVE, limit: 50 }, {}, 'unknown'],
  ['few samples', { compare: FIGURE, comparator: BELOW, limit: 0.8 }, { value: 0, samples: 9 }, 'missing'],
  ['an upper bound below', { compare: BOUND, comparator: BELOW, limit: 0.8 }, { value: 0.7, upper: 0.79 }, 1],
  ['a bound that reaches', { compare: BOUND, comparator: BELOW, limit: 0.8 }, { value: 0.7, upper: 0.81 }, 0],
  ['a lower bound above', { compare: BOUND, comparator: ABOVE, limit: 0.05 }, { value: 0.2, lower: 0.06 }, 1],
  ['no bound', { compare: BOUND, comparator: ABOVE, limit: 0.05 }, { value: 0.2 }, 'unknown'],
  ['a ratio above', { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 }, { value: 31, baseline: 20 }, 1],
  ['a ratio at it', { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 }, { value: 30, baseline: 20 }, 0],
  [
    'a ratio to nothing',
    { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 },
    { value: 3, baseline: 0 },
    'unknown',
  ],
  ['no baseline', { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 }, { value: 3 }, 'unknown'],
  [
    'a difference below',
    { compare: DIFFERENCE_TO_BASELINE, comparator: BELOW, limit: -0.05 },
    { value: 0.84, baseline: 0.9 },
    1,
  ],
  [
    'a difference within',
    { compare: DIFFERENCE_TO_BASELINE, comparator: BELOW, limit: -0.05 },
    { value: 0.86, baseline: 0.9 },
    0,
  ],
];

describe('at the limit itself, which is allowed', () => {
  const holds = (compare: Compare, comparator: Comparator, limit: number, reading: Partial<Reading>): boolean => {
    const definition = create(RuleDefinitionSchema, { compare, comparator, limit, minimumSamples: 1 });
    return conditionOf(definition, { value: undefined, samples: 100, ...reading }) === 1;
  };

  it('a difference of counts does not fire, though that of the binary numbers is beyond it', () => {
    const reading = { value: 0.85, baseline: 0.9 };
    expect(reading.value - reading.baseline).toBeLessThan(-0.05);
    expect(holds(DIFFERENCE_TO_BASELINE, BELOW, -0.05, reading)).toBe(false);
    expect(holds(DIFFERENCE_TO_BASELINE, BELOW, -0.05, { ...reading, exactly: () => ratioOf(849, 1000) })).toBe(true);
  });

  it('a ratio of figures does not fire', () => {
    expect(0.3 / 0.1).toBeLessThan(3);
    expect(holds(RATIO_TO_BASELINE, BELOW, 3, { value: 0.3, baseline: 0.1 })).toBe(false);
  });

  it('every difference of two ratios of counts is compared as whole numbers are', () => {
    for (const limit of [0.05, 0.1, 0.15, 0.3]) {
      for (let n = 20; n <= 40; n += 5) {
        for (let before = 0; before <= 20; before++) {
          for (let now = 0; now <= n; now++) {
            const reading = {
              ...{ value: now / n, exactly: () => ratioOf(now, n) },
              ...{ baseline: before / 20, baselineExactly: () => ratioOf(before, 20) },
            };
            // now/n − before/20 < −limit, all times 20·n·20 (limits are twentieths)
            const beyond = 20 * now - n * before < -Math.round(limit * 20) * n;
            expect(holds(DIFFERENCE_TO_BASELINE, BELOW, -limit, reading)).toBe(beyond);
          }
        }
      }
    }
  });

  it('is one thing, the next number on the wrong side another, however near it is', () => {
    expect(holds(FIGURE, BELOW, 0.85, { value: 0.85, exactly: () => ratioOf(17, 20) })).toBe(false);
    const millions = 10_000_000;
    const barely = () => ratioOf(17 * millions - 1, 20 * millions);
    expect(holds(FIGURE, BELOW, 0.85, { value: (17 * millions - 1) / (20 * millions), exactly: barely })).toBe(true);
  });
});

describe('a condition', () => {
  it.each(rows)('of %s', (_, rule, reading, expected) => {
    const definition = create(RuleDefinitionSchema, { ...rule, minimumSamples: 10 });
    expect(conditionOf(definition, { value: undefined, samples: 10, ...reading })).toBe(expected);
  });

  it.each<[number, Condition]>([
    [0, 1],
    [1, 0],
  ])('on missing data with %d samples', (samples, expected) => {
    const definition = create(RuleDefinitionSchema, { onMissing: true, minimumSamples: 1 });
    expect(conditionOf(definition, { value: undefined, samples })).toBe(expected);
  });
});
