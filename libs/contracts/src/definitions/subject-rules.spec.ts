import { describe, expect, it } from '@jest/globals';
import { Severity } from '../gen/moola/v1/definitions_pb.js';
import { parseDefinitions } from './parse-definitions.js';
import { definitionYaml } from './to-yaml.js';

/** What is wrong with a rule; empty: nothing. */
function problemsOf(fields: string): string[] {
  const parsed = parseDefinitions(`kind: Rule\nname: R\nseverity: info\n${fields}`, 'f.yaml');
  return 'problems' in parsed ? parsed.problems.map(({ path, detail }) => `${path}: ${detail}`) : [];
}

describe('a rule on jobs or instances', () => {
  it('has a window only where its metric is read over one', () => {
    expect(problemsOf('metric: job_duration\nabove: 240')).toEqual([]);
    expect(problemsOf('metric: instance_cpu\nabove: 0.9\nwindow: 1m')).toEqual([]);
    expect(problemsOf('metric: instance_cpu\nabove: 0.9')).toEqual([
      'window: is missing: expected a duration such as "5m", "30s", "24h" or "1d"',
    ]);
    expect(problemsOf('metric: accuracy\nbelow: 0.9')).toEqual([
      'window: is missing: expected a duration such as "5m", "30s", "24h" or "1d"',
    ]);
    expect(problemsOf('metric: job_duration\nabove: 240\nwindow: 5m')).toEqual([
      'window: has no effect: job_duration is read at an instant (leave it out)',
    ]);
    expect(problemsOf('metric: instance_cpu\nabove: 0.9\nwindow: 1h')).toEqual([
      'window: 1h is longer than metrics of instances are kept, 15m',
    ]);
  });

  it('compares figures with limits that they can break', () => {
    expect(problemsOf('metric: job_duration\nabove: 240\ncompare: ratioToBaseline')).toEqual([
      'compare: job_duration has neither a bound nor a baseline to compare with: use figure',
    ]);
    expect(problemsOf('metric: instance_cpu\nabove: 90\nwindow: 1m')).toEqual([
      'above: 90 is not a ratio, instance_cpu lies between 0 and 1 (try 0.9)',
    ]);
    expect(problemsOf('metric: job_without_progress\nabove: -1')).toEqual([
      'above: -1 is negative, job_without_progress never is',
    ]);
    expect(problemsOf('metric: job_duratoin\nabove: 1').at(-1)).toContain('(did you mean job_duration?)');
  });
});

describe('a rule on measurements', () => {
  it('names which, where values may be in different units', () => {
    const rule = 'metric: measurement_sum\nbelow: -100\nwindow: 1h';
    expect(problemsOf(`${rule}\nmatch: { measurement: revenue }`)).toEqual([]);
    expect(problemsOf(rule)).toEqual([
      'match.measurement: is missing: measurement_sum has one limit for every measurement of the model (try match: { measurement: revenue }; "*" for all)',
    ]);
    expect(problemsOf('metric: measurement_silent\nabove: 30')).toEqual([]);
    expect(problemsOf('metric: job_duration\nabove: 30\nmatch: { measurement: revenue }')).toEqual([
      'match.measurement: has no effect: job_duration is of no measurement (leave it out)',
    ]);
    expect(problemsOf('metric: measurement_count\nbelow: 5\nwindow: 25h')).toEqual([
      'window: 25h is longer than metrics of measurements are kept, 1d',
    ]);
  });
});

/** What is wrong with limits of measurements in a budget. */
function problemsOfBudget(measurements: string): string[] {
  const parsed = parseDefinitions(`kind: Model\nname: M\nbudget: { measurements: [${measurements}] }`, 'f.yaml');
  return 'problems' in parsed ? parsed.problems.map(({ path, detail }) => `${path}: ${detail}`) : [];
}

describe('a budget of measurements', () => {
  it('has a limit a figure, over the window of the budget unless it states one, and writes itself out again', () => {
    const limits =
      '{ name: revenue, figure: sum, below: 100 }, { name: rating, figure: last, below: -3, severity: info }';
    const parsed = parseDefinitions(
      `kind: Model\nname: M\nbudget: { window: 2h, measurements: [${limits}] }`,
      'f.yaml',
    );
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    const { kind } = parsed.definitions[0]!;
    expect(kind.value).toMatchObject({
      budget: {
        measurements: [
          { name: 'revenue', metric: 'measurement_sum', limit: 100, windowMs: 7_200_000, minimumSamples: 1 },
          { name: 'rating', metric: 'measurement_last', limit: -3, windowMs: 0, severity: Severity.INFO },
        ],
      },
    });
    const again = parseDefinitions(definitionYaml(parsed.definitions[0]!), 'f.yaml');
    expect('problems' in again ? again.problems : again.definitions[0]!.kind).toEqual(kind);
  });

  it('says what is wrong with a limit', () => {
    const revenue = 'name: revenue, figure: sum, below: 1';
    expect(problemsOfBudget(`{ ${revenue} }, { ${revenue} }`)).toEqual([
      'budget.measurements[1]: says the same as measurements[0]: leave one of them out',
    ]);
    expect(problemsOfBudget(`{ ${revenue}, window: 2d }`)).toEqual([
      'budget.measurements[0].window: 2d is longer than metrics of measurements are kept, 1d',
    ]);
    expect(problemsOfBudget('{ name: revenue, figure: silent, above: 30, window: 1h }')).toEqual([
      'budget.measurements[0].window: has no effect: last and silent are read at an instant (leave it out)',
    ]);
    expect(problemsOfBudget('{ name: revenue, figure: count, below: -1 }')).toEqual([
      'budget.measurements[0].below: -1 is negative, measurement_count never is',
    ]);
    expect(problemsOfBudget('{ name: revenue, figure: average, below: 1 }')[0]).toContain('is not one of mean, sum');
    expect(problemsOfBudget('{ name: revenue, figure: sum }')[0]).toContain('has no limit');
  });
});
