import { describe, expect, it } from '@jest/globals';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { incidentId, type IncidentName } from './incident-id.js';

const name = (model: string, rule: string, count = 1, life = 0): IncidentName => ({ model, rule, life, count });

describe('the id of an incident', () => {
  it('reads as its model, rule and number', () => {
    expect(incidentId(name('fraud-eu', 'AccuracyDrop', 2))).toBe('fraud-eu~AccuracyDrop~2');
    expect(incidentId(name('fraud-eu', 'AccuracyDrop', 2, 17))).toBe('fraud-eu~AccuracyDrop~17.2');
  });

  it('is another one for every other model, rule and number', () => {
    const models = ['fraud', 'fraud-eu', 'fraud~eu', 'fraud~eu-Drop', '~', 'fraud~Drop~1', 'a/b', 'a b', 'Fraud', '1'];
    const rules = ['Drop', 'eu-Drop', 'eu.Drop', '1', '1.1', 'Drop-1'];
    const all = models.flatMap((model) =>
      rules.flatMap((rule) => [
        name(model, rule),
        name(model, rule, 11),
        name(model, rule, 1, 1),
        name(model, rule, 1, 11),
      ]),
    );
    expect(new Set(all.map(incidentId)).size).toBe(all.length);
  });

  it('rests on rules whose names hold no "~"', () => {
    const problemsOf = (rule: string) => {
      const parsed = parseDefinitions(`kind: Rule\nname: "${rule}"\nmetric: accuracy\nbelow: 0.5\n`, 'rules.yaml');
      return 'problems' in parsed ? parsed.problems.map(({ path, detail }) => `${path} ${detail}`) : [];
    };
    expect(problemsOf('a-b.c_d').join()).not.toContain('name');
    expect(problemsOf('a~b').join()).toContain('name "a~b" is not a name');
  });
});
