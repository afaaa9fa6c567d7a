import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { RuleDefinitionSchema } from '../gen/moola/v1/definitions_pb.js';
import { fitsGlob } from './glob.js';
import { judgesVersion, judgesWhatServes, watchesModel } from './match.js';

const rule = (match: { model?: string[]; version?: string[]; role?: string[] }, model = '') =>
  create(RuleDefinitionSchema, { model, match });

describe('a rule that matches', () => {
  it.each<[string[], string, boolean]>([
    [[], 'any', true],
    [['fraud-*'], 'fraud-eu', true],
    [['fraud-*'], 'fraud', false],
    [['fraud-??'], 'fraud-eu', true],
    [['=fraud-*'], 'fraud-eu', false],
    [['=fraud-*'], 'fraud-*', true],
    [['!=fraud-test'], 'churn', true],
    [['!=fraud-test'], 'fraud-test', false],
    [['fraud-*', '!=*-test'], 'fraud-test', false],
    [['fraud-*', '!=*-test'], 'fraud-eu', true],
    [['a', 'b'], 'b', true],
    [['a', 'b'], 'c', false],
  ])('%j: of model %j %j', (model, name, expected) => {
    expect(watchesModel(rule({ model }), name)).toBe(expected);
  });

  it('judges the version that serves, unless it says which', () => {
    expect(judgesVersion(rule({}), 'v1', 'primary')).toBe(true);
    expect(judgesVersion(rule({}), 'v1', 'shadow')).toBe(false);
    expect(judgesVersion(rule({ role: ['shadow'], version: ['v2*'] }), 'v21', 'shadow')).toBe(true);
    expect(judgesVersion(rule({ role: ['shadow'], version: ['v2*'] }), 'v1', 'shadow')).toBe(false);
    expect(
      [rule({}), rule({ role: ['primary'] }), rule({ role: ['shadow'] }), rule({ version: ['v1'] })].map(
        judgesWhatServes,
      ),
    ).toEqual([true, true, false, false]);
  });

  it('names one model, or matches several', () => {
    expect(watchesModel(rule({}, 'fraud'), 'fraud')).toBe(true);
    expect(watchesModel(rule({}, 'fraud'), 'churn')).toBe(false);
  });
});

describe('a pattern', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '.', '-'), { maxLength: 12 }).map((list) => list.join(''));
  const globs = fc.array(fc.constantFrom('a', 'b', '.', '*', '?'), { maxLength: 8 }).map((list) => list.join(''));

  it('means what the regular expression means', () => {
    fc.assert(
      fc.property(globs, letters, (glob, name) => {
        const expression = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(fitsGlob(glob, name)).toBe(new RegExp(`^${expression}$`).test(name));
      }),
      { numRuns: 3000 },
    );
  });
});
