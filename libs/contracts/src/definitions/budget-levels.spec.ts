import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity } from '../gen/moola/v1/definitions_pb.js';
import { parseDefinitions } from './parse-definitions.js';
import { describeProblem } from './problems.js';
import { definitionYaml } from './to-yaml.js';

const model = (...line: string[]): string =>
  `kind: Model\nname: Fraud\nbudget:\n  lines:\n    - metric: accuracy\n${line.map((each) => `      ${each}\n`).join('')}`;

function read(text: string) {
  const result = parseDefinitions(text, 'fraud.yaml');
  return 'problems' in result ? result.problems.map(describeProblem).join('\n') : result.definitions;
}

const levels = [
  'levels:',
  '  - { severity: warning, below: 0.85 }',
  '  - { severity: critical, below: 0.8, for: 2m }',
  'for: 10m',
];

describe('a budget line', () => {
  it('may have levels: it is out from the mildest on, and alerts by all of them', () => {
    const definitions = read(model(...levels, 'gate: true'));
    expect(definitions).toMatchObject([
      {
        kind: {
          value: {
            budget: {
              lines: [
                {
                  ...{ comparator: Comparator.BELOW, limit: 0.85, severity: Severity.WARNING, gate: true },
                  alert: {
                    forMs: 600_000,
                    levels: [
                      { severity: Severity.WARNING, limit: 0.85, forMs: 600_000 },
                      { severity: Severity.CRITICAL, limit: 0.8, forMs: 120_000 },
                    ],
                  },
                },
              ],
            },
          },
        },
      },
    ]);
    if (typeof definitions === 'string') throw new Error(definitions);
    expect(read(definitionYaml(definitions[0]!))).toEqual(definitions);
  });

  it('without levels and severity is a warning, as before', () => {
    expect(read(model('below: 0.8'))).toMatchObject([
      { kind: { value: { budget: { lines: [{ severity: Severity.WARNING, limit: 0.8, alert: { levels: [] } }] } } } },
    ]);
  });

  it.each([
    ['a limit beside levels', [...levels, 'below: 0.7'], 'below: stands beside levels, which have their own'],
    ['a severity beside levels', [...levels, 'severity: info'], 'severity: stands beside levels'],
    ['neither', ['gate: true'], 'has no limit: give either below or above'],
    [
      'levels in the wrong order',
      ['levels: [{ severity: critical, below: 0.8 }, { severity: warning, below: 0.7 }]'],
      'stands after critical: write the mildest first',
    ],
    [
      'a limit that no share can have',
      ['levels: [{ severity: warning, below: 0.9 }, { severity: critical, below: -2 }]'],
      'budget.lines[0].levels[1]',
    ],
  ])('with %s is refused', (_, line, problem) => {
    expect(read(model(...line))).toContain(problem);
  });
});
