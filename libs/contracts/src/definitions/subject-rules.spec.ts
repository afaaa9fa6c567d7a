import { describe, expect, it } from '@jest/globals';
import { parseDefinitions } from './parse-definitions.js';

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
