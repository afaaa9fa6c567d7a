import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { Comparator, Compare, RuleDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { conditionOf, type Condition, type Reading } from './condition.js';

const { BELOW, ABOVE } = Comparator;
const { FIGURE, BOUND, RATIO_TO_BASELINE, DIFFERENCE_TO_BASELINE } = Compare;

type Row = [string, { compare: Compare; comparator: Comparator; limit: number }, Partial<Reading>, Condition];

const rows: Row[] = [
  ['a figure below', { compare: FIGURE, comparator: BELOW, limit: 0.8 }, { value: 0.79 }, 'holds'],
  ['a figure at its limit', { compare: FIGURE, comparator: BELOW, limit: 0.8 }, { value: 0.8 }, 'does not hold'],
  ['a figure above', { compare: FIGURE, comparator: ABOVE, limit: 50 }, { value: 50.1 }, 'holds'],
  ['a figure at its upper limit', { compare: FIGURE, comparator: ABOVE, limit: 50 }, { value: 50 }, 'does not hold'],
  ['no figure', { compare: FIGURE, comparator: ABOVE, limit: 50 }, {}, 'missing'],
  ['few samples', { compare: FIGURE, comparator: BELOW, limit: 0.8 }, { value: 0, samples: 9 }, 'missing'],
  ['an upper bound below', { compare: BOUND, comparator: BELOW, limit: 0.8 }, { value: 0.7, upper: 0.79 }, 'holds'],
  [
    'a bound that reaches',
    { compare: BOUND, comparator: BELOW, limit: 0.8 },
    { value: 0.7, upper: 0.81 },
    'does not hold',
  ],
  ['a lower bound above', { compare: BOUND, comparator: ABOVE, limit: 0.05 }, { value: 0.2, lower: 0.06 }, 'holds'],
  ['no bound', { compare: BOUND, comparator: ABOVE, limit: 0.05 }, { value: 0.2 }, 'missing'],
  [
    'a ratio above',
    { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 },
    { value: 31, baseline: 20 },
    'holds',
  ],
  [
    'a ratio at it',
    { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 },
    { value: 30, baseline: 20 },
    'does not hold',
  ],
  [
    'a ratio to nothing',
    { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 },
    { value: 3, baseline: 0 },
    'missing',
  ],
  ['no baseline', { compare: RATIO_TO_BASELINE, comparator: ABOVE, limit: 1.5 }, { value: 3 }, 'missing'],
  [
    'a difference below',
    { compare: DIFFERENCE_TO_BASELINE, comparator: BELOW, limit: -0.05 },
    { value: 0.84, baseline: 0.9 },
    'holds',
  ],
  [
    'a difference within',
    { compare: DIFFERENCE_TO_BASELINE, comparator: BELOW, limit: -0.05 },
    { value: 0.86, baseline: 0.9 },
    'does not hold',
  ],
];

describe('a condition', () => {
  it.each(rows)('of %s', (_, rule, reading, expected) => {
    const definition = create(RuleDefinitionSchema, { ...rule, minimumSamples: 10 });
    expect(conditionOf(definition, { value: undefined, samples: 10, ...reading })).toBe(expected);
  });

  it.each<[number, Condition]>([
    [0, 'holds'],
    [1, 'does not hold'],
  ])('on missing data with %d samples', (samples, expected) => {
    const definition = create(RuleDefinitionSchema, { onMissing: true, minimumSamples: 1 });
    expect(conditionOf(definition, { value: undefined, samples })).toBe(expected);
  });
});
