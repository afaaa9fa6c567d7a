import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ToldOutcomes } from './told-outcomes.js';

const files = () => readdirSync(tmpdir()).filter((name) => name.startsWith('moola-replay-outcomes-'));

describe('outcomes that were told', () => {
  let told: ToldOutcomes;
  afterEach(() => told.close());

  const outcome = (i: number, model: string) => ({ truth: String((i + model.length) % 7), line: i + 1 });
  const models = ['m', 'other'];

  it.each([
    ['all in memory', { inputs: 1_000_000, truths: 100 }],
    ['most of them on the disk', { inputs: 1500, truths: 100 }],
    ['with more truths than are kept', { inputs: 1500, truths: 3 }],
  ])('are found by model and input: %s', (_title, most) => {
    told = new ToldOutcomes(most);
    const count = 20_000;
    let wrong = 0;
    for (let i = 0; i < count; i++) {
      for (const model of models) {
        if (told.find(model, `input-${i}`) !== null) wrong++;
        const { truth, line } = outcome(i, model);
        told.add(truth, line);
      }
    }
    for (let i = 0; i < count; i++) {
      for (const model of models) {
        const { truth, line } = outcome(i, model);
        const found = told.find(model, `input-${i}`);
        const isShown = found?.truth === truth || (found?.truth === null && most.truths < 7);
        if (!isShown || found?.line !== line || !found.is(truth) || found.is('another')) wrong++;
      }
    }
    expect(wrong).toBe(0);
    // Parts do not run into each other.
    expect(told.find('minput', '-1')).toBeNull();
  });

  it('leave nothing on the disk', () => {
    const before = files();
    told = new ToldOutcomes({ inputs: 10, truths: 10 });
    for (let i = 0; i < 100; i++) {
      told.find('m', `${i}`);
      told.add('1', i + 1);
    }
    expect(files().length).toBeGreaterThan(before.length);
    told.close();
    expect(files()).toEqual(before);
  });
});
