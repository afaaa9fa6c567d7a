import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../gen/moola/v1/definitions_pb.js';
import { parseDefinitionFiles } from './parse-definitions.js';
import { PerformanceBudget, type PerformanceLimits } from './performance-budget.js';

type Case = { readonly in: PerformanceLimits } & ({ readonly out: unknown } | { readonly error: string });

/** The Python client's test reads the same file. */
const cases = JSON.parse(
  readFileSync(new URL('../../golden/performance-budget.json', import.meta.url), 'utf8'),
) as readonly Case[];

function parsed(definition: unknown): Definition {
  const result = parseDefinitionFiles([{ file: 'budget.json', yaml: JSON.stringify(definition) }]);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.definitions[0] as Definition;
}

describe('the performance budget', () => {
  it.each(cases.map((each) => [JSON.stringify(each.in), each] as const))('%s', (_, each) => {
    if ('error' in each) expect(() => PerformanceBudget(each.in)).toThrow(each.error);
    else expect(PerformanceBudget(each.in)).toEqual(each.out);
  });

  it('has by default the lines of a model that declares none, and each alerts', () => {
    const linesOf = ({ kind }: Definition) => (kind.case === 'model' ? (kind.value.budget?.lines ?? []) : []);
    const lines = linesOf(parsed(PerformanceBudget()));
    const defaults = linesOf(parsed({ kind: 'Model', name: 'SimpleLSTM' }));
    expect(lines.map(({ alert, ...line }) => ({ ...line, alerts: alert !== undefined }))).toEqual(
      defaults.map(({ alert: _, ...line }) => ({ ...line, alerts: true })),
    );
    expect(defaults).toHaveLength(7);
  });

  it('says which limit a misspelt one may be', () => {
    expect(() => PerformanceBudget({ minAcuracy: 0.8 } as PerformanceLimits)).toThrow(
      'minAcuracy is no limit: did you mean minAccuracy?',
    );
  });
});
