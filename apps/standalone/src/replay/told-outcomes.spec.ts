import { describe, expect, it } from '@jest/globals';
import { ToldOutcomes } from './told-outcomes.js';

describe('outcomes that were told', () => {
  it('are found by model and input, however many there are', () => {
    const told = new ToldOutcomes();
    const count = 20_000;
    const outcome = (i: number, model: string) => ({ truth: String((i + model.length) % 7), line: i + 1 });
    const models = ['m', 'other'];
    let wrong = 0;
    for (let i = 0; i < count; i++) {
      for (const model of models) {
        if (told.find(model, `input-${i}`) !== null) wrong++;
        told.add(model, `input-${i}`, outcome(i, model));
      }
    }
    for (let i = 0; i < count; i++) {
      for (const model of models) {
        const { truth, line } = outcome(i, model);
        const found = told.find(model, `input-${i}`);
        if (found?.truth !== truth || found.line !== line) wrong++;
      }
    }
    expect(wrong).toBe(0);
    // Parts do not run into each other.
    expect(told.find('minput', '-1')).toBeNull();
  });
});
