import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ValueDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { lossPerMinuteUsd } from './loss.js';
import { protectedValue } from './protected-value.js';
import { earnedUsd, efficiencyScore, projectedPerDayUsd } from './revenue.js';
import { valueModelOf } from './value-model.js';

const model = {
  valuePerPredictionUsd: 0.05,
  predictionsPerDay: 10_000,
  infrastructureCostPerDayUsd: 0,
  modelCostPerDayUsd: 0,
};
const costly = { ...model, infrastructureCostPerDayUsd: 40, modelCostPerDayUsd: 10 };

describe('a value model', () => {
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
    expect(projectedPerDayUsd(accuracy, model)).toBeCloseTo(usd, 9),
  );

  it.each([
    [0, 0],
    [144, 7.2],
  ])('of %d correct answers is $%d', (correct, usd) => expect(earnedUsd(correct, model)).toBeCloseTo(usd, 9));

  it.each([
    [400, 7],
    [50, 0],
    [0, -1],
  ])('of $%d a day at a cost of $50 has an efficiency of %d', (usd, score) =>
    expect(efficiencyScore(usd, costly)).toBeCloseTo(score, 9),
  );

  it('has no efficiency without costs', () => expect(efficiencyScore(400, model)).toBeNull());
});

describe('the loss a minute', () => {
  it.each([
    [0.3, 6, 0.15],
    [0.8, 6, 0],
    [0.9, 6, 0],
    [0.3, 0, 0],
  ])('at an accuracy of %d, a limit of 0.8 and %d predictions a minute is $%d', (accuracy, servedPerMinute, usd) =>
    expect(lossPerMinuteUsd({ accuracy, limit: 0.8, servedPerMinute }, model)).toBeCloseTo(usd, 9),
  );
});

describe('protected value', () => {
  it.each([
    ['better', { inputs: 100, by: 60, replaced: 20 }, 2],
    ['worse', { inputs: 100, by: 10, replaced: 20 }, -0.5],
    ['silent', { inputs: 0, by: 0, replaced: 0 }, 0],
  ])('of a version that is %s', (_, answers, usd) =>
    expect(protectedValue(answers, model)).toEqual({ inputs: answers.inputs, usd }),
  );

  it('is unknown where nobody declared what an answer is worth', () =>
    expect(protectedValue({ inputs: 100, by: 60, replaced: 20 }, null)).toEqual({ inputs: 100, usd: null }));
});
