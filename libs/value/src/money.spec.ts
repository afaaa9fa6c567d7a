import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ValueDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { lossPerMinuteUsd } from './loss.js';
import { protectedValue } from './protected-value.js';
import { earnedUsd, efficiencyScore, projectedPerDayUsd } from './revenue.js';
import { defaultValueModel, valueModelOf } from './value-model.js';

const costly = { ...defaultValueModel, infrastructureCostPerDayUsd: 40, modelCostPerDayUsd: 10 };

describe('a value model', () => {
  it('is 10,000 predictions a day at $0.05 without costs when nobody declared any', () =>
    expect(defaultValueModel).toEqual({
      valuePerPredictionUsd: 0.05,
      predictionsPerDay: 10_000,
      infrastructureCostPerDayUsd: 0,
      modelCostPerDayUsd: 0,
    }));

  it('is what its definition says, zeros included', () => {
    const definition = create(ValueDefinitionSchema, { predictionsPerDay: 7, modelCostPerDayUsd: 2 });
    expect(valueModelOf(definition)).toEqual({
      valuePerPredictionUsd: 0,
      predictionsPerDay: 7,
      infrastructureCostPerDayUsd: 0,
      modelCostPerDayUsd: 2,
    });
  });
});

describe('revenue', () => {
  it.each([
    [0, 0],
    [0.8, 400],
    [1, 500],
  ])('at an accuracy of %d is projected at $%d a day', (accuracy, usd) =>
    expect(projectedPerDayUsd(accuracy, defaultValueModel)).toBeCloseTo(usd, 9),
  );

  it.each([
    [0, 0],
    [144, 7.2],
  ])('of %d correct answers is $%d', (correct, usd) =>
    expect(earnedUsd(correct, defaultValueModel)).toBeCloseTo(usd, 9),
  );

  it.each([
    [400, 7],
    [50, 0],
    [0, -1],
  ])('of $%d a day at a cost of $50 has an efficiency of %d', (usd, score) =>
    expect(efficiencyScore(usd, costly)).toBeCloseTo(score, 9),
  );

  it('has no efficiency without costs', () => expect(efficiencyScore(400, defaultValueModel)).toBeNull());
});

describe('the loss a minute', () => {
  it.each([
    [0.3, 6, 0.15],
    [0.8, 6, 0],
    [0.9, 6, 0],
    [0.3, 0, 0],
  ])('at an accuracy of %d, a limit of 0.8 and %d predictions a minute is $%d', (accuracy, servedPerMinute, usd) =>
    expect(lossPerMinuteUsd({ accuracy, limit: 0.8, servedPerMinute }, defaultValueModel)).toBeCloseTo(usd, 9),
  );
});

describe('protected value', () => {
  it.each([
    ['better', { labelled: 100, correct: 60 }, { labelled: 100, correct: 20 }, { inputs: 100, usd: 2 }],
    ['worse', { labelled: 100, correct: 10 }, { labelled: 100, correct: 20 }, { inputs: 100, usd: -0.5 }],
    ['answers to fewer inputs', { labelled: 90, correct: 60 }, { labelled: 100, correct: 20 }, { inputs: 90, usd: 2 }],
    ['nothing yet', { labelled: 0, correct: 0 }, { labelled: 0, correct: 0 }, { inputs: 0, usd: 0 }],
  ])('of a version that is %s', (_, by, replaced, expected) =>
    expect(protectedValue(by, replaced, defaultValueModel)).toEqual(expected),
  );
});
