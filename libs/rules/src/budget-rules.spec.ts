import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  BudgetSchema,
  Comparator,
  Compare,
  RuleDefinitionSchema,
  SegmentSchema,
  Severity,
  type BudgetLineSchema,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import { budgetRules } from './budget-rules.js';

const { BELOW, ABOVE } = Comparator;

type Line = MessageInitShape<typeof BudgetLineSchema>;

const alert = { compare: Compare.BOUND, confidence: 0.9, forMs: 300_000, keepFiringForMs: 60_000, summary: 'Low' };
const accuracy: Line = { metric: 'accuracy', comparator: BELOW, limit: 0.85, severity: Severity.CRITICAL, alert };

const budget = (...lines: Line[]) => create(BudgetSchema, { windowMs: 3_600_000, lines });

const rule = (fields: Partial<RuleDefinition>): RuleDefinition =>
  create(RuleDefinitionSchema, { metric: 'accuracy', comparator: BELOW, limit: 0.85, ...fields } as RuleDefinition);

const guardsOf = (lines: Line[], rules: Record<string, RuleDefinition> = {}) =>
  budgetRules(budget(...lines), new Map(Object.entries(rules))).guards;

describe('a budget line', () => {
  it('is a rule over the window of the budget, as severe as the line', () => {
    const { own } = budgetRules(budget({ ...accuracy, gate: true, minimumSamples: 200 }), new Map());
    expect([...own]).toEqual([
      [
        'budget.accuracy',
        {
          gate: true,
          definition: create(RuleDefinitionSchema, {
            ...{ metric: 'accuracy', windowMs: 3_600_000, comparator: BELOW, limit: 0.85 },
            ...{ severity: Severity.CRITICAL, minimumSamples: 200, ...alert },
          }),
        },
      ],
    ]);
  });

  it('that nobody wrote alerts nobody', () => {
    const quiet: Line = { metric: 'accuracy', comparator: BELOW, limit: 0.85 };
    expect(budgetRules(budget(quiet), new Map())).toEqual({ own: new Map(), guards: [[]], ofMeasurements: [] });
    expect(budgetRules(undefined, new Map())).toEqual({ own: new Map(), guards: [], ofMeasurements: [] });
  });

  it.each<[string, Partial<RuleDefinition>, boolean]>([
    ['at the same limit', {}, true],
    ['at a stricter limit', { limit: 0.9 }, true],
    ['at a looser limit', { limit: 0.84 }, false],
    ['on the bound', { compare: Compare.BOUND }, true],
    ['of a lower severity', { severity: Severity.INFO }, true],
    ['in the other direction', { comparator: ABOVE }, false],
    ['on another metric', { metric: 'recall' }, false],
    ['on missing data', { onMissing: true, comparator: BELOW }, false],
    ['on the ratio to a baseline', { compare: Compare.RATIO_TO_BASELINE }, false],
    ['on the difference to a baseline', { compare: Compare.DIFFERENCE_TO_BASELINE }, false],
  ])('and a rule %s: stands in %j → %s', (_, fields, standsIn) => {
    expect(guardsOf([accuracy], { Drop: rule(fields) })).toEqual([[standsIn ? 'Drop' : 'budget.accuracy']]);
  });

  it('with an upper limit is guarded by a rule whose limit is no higher', () => {
    const latency: Line = { metric: 'latency_p95', comparator: ABOVE, limit: 80, alert };
    const above = (limit: number) => rule({ metric: 'latency_p95', comparator: ABOVE, limit });
    expect(guardsOf([latency], { Slow: above(80) })).toEqual([['Slow']]);
    expect(guardsOf([latency], { Slow: above(50), Slower: above(60), Slowest: above(100) })).toEqual([
      ['Slow', 'Slower'],
    ]);
    expect(guardsOf([latency], { Slow: above(81) })).toEqual([['budget.latency_p95']]);
  });

  it('and others on the same metric have names of their own, which do not depend on the rules', () => {
    const warning: Line = { ...accuracy, limit: 0.9, severity: Severity.WARNING };
    const high: Line = { ...accuracy, comparator: ABOVE, limit: 0.9 };
    const names = [['budget.accuracy'], ['budget.accuracy.below-0.9'], ['budget.accuracy.above-0.9']];
    expect(guardsOf([accuracy, warning, high])).toEqual(names);
    expect(guardsOf([accuracy, warning, high], { Drop: rule({ limit: 0.88 }) })).toEqual([['Drop'], ...names.slice(1)]);
    expect(guardsOf([accuracy, warning, warning])).toEqual([...names.slice(0, 2), ['budget.accuracy.below-0.9.2']]);
  });

  it('on a segment has a name and a rule of its own, for which only a rule on the same segment stands in', () => {
    const segment = create(SegmentSchema, { key: 'region', value: 'eu/west 1' });
    const eu: Line = { ...accuracy, segment };
    expect(guardsOf([eu, accuracy])).toEqual([['budget.accuracy.below-0.85.region-euwest1'], ['budget.accuracy']]);
    expect(guardsOf([eu], { Drop: rule({ limit: 0.9 }) })).toEqual([['budget.accuracy.below-0.85.region-euwest1']]);
    const onSegment = rule({ limit: 0.9, segment });
    expect(guardsOf([eu, accuracy], { Drop: onSegment })).toEqual([['Drop'], ['budget.accuracy']]);
  });

  it('leaves a rule its name that has been called so before', () => {
    expect(guardsOf([accuracy], { 'budget.accuracy': rule({ limit: 0.5 }) })).toEqual([['budget.accuracy.2']]);
  });
});
