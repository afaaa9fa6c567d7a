import { describe, expect, it } from '@jest/globals';
import { ModelAdmission } from './model-admission.js';

describe('the models that a door takes events of', () => {
  it('are the declared ones, and so many that nobody declared', () => {
    const told: unknown[] = [];
    const counts = { admitted: (models: number) => told.push(models), refused: () => told.push('refused') };
    const models = new ModelAdmission({ most: 2, counts });
    models.declare('fraud');
    const names = ['a', 'b', 'c', 'fraud', 'a', 'd'];
    expect(names.filter((name) => models.refusal(name) === null)).toEqual(['a', 'b', 'fraud', 'a']);
    expect(models.refusal('c')).toMatchObject({
      reason: 'too-many-models',
      field: 'model',
      detail: expect.stringContaining('2 of those send events already (MOOLA_MAXIMUM_UNDECLARED_MODELS)'),
    });
    expect(told).toEqual([1, 2, 'refused', 'refused', 'refused']);
  });

  it('make room for another one when one is declared', () => {
    const models = new ModelAdmission({ most: 1 });
    expect([models.refusal('a'), models.refusal('b')?.reason]).toEqual([null, 'too-many-models']);
    models.declare('a');
    expect([models.refusal('a'), models.refusal('b')]).toEqual([null, null]);
  });

  it('are those of before a restart as well, however many', () => {
    const names = new Map([...'abc'].map((name) => [name, {}]));
    const models = new ModelAdmission({ most: 2, known: names });
    expect([...'abcd'].map((name) => models.refusal(name)?.reason ?? 'taken')).toEqual([
      ...['taken', 'taken', 'taken', 'too-many-models'],
    ]);
  });
});
