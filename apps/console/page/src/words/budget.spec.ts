import { describe, expect, it } from '@jest/globals';
import type { AlertView, BudgetLineView, ModelView, VersionView } from '../../../src/read-model/views';
import { concernsOf } from './budget';

const line = (verdict: BudgetLineView['verdict'], fields: Partial<BudgetLineView> = {}): BudgetLineView => ({
  ...{
    metric: 'latency_p95',
    verdict,
    gate: false,
    severity: 'warning',
    comparator: 'above',
    limit: 80,
    segment: null,
  },
  ...{ rules: ['budget.latency_p95'], figure: { value: 155 } as BudgetLineView['figure'] },
  ...fields,
});

function model(lines: BudgetLineView[], fields: Partial<ModelView> = {}): ModelView {
  const version = { version: 'v7', serving: true, lines } as unknown as VersionView;
  const shadow = { version: 'v8', serving: false, lines: [line('out')] } as unknown as VersionView;
  return {
    model: 'churn',
    serving: 'v7',
    verdict: 'within',
    versions: [version, shadow],
    alerts: [],
    ...fields,
  } as ModelView;
}

describe('what keeps the headline from being green', () => {
  it('is no line that is within, and none of a version that does not serve', () => {
    expect(concernsOf([model([line('within')])])).toEqual({ out: [], unjudged: [] });
  });

  it('is any line that is out, whether it gates or not: its figure, its limit, and what follows', () => {
    const alert = { rule: 'budget.latency_p95', version: 'v7', state: 'pending' } as AlertView;
    const text = 'Latency P95 of churn v7 is 155 ms, limit 80 ms';
    expect(concernsOf([model([line('out')])]).out).toEqual([
      { model: 'churn', rules: ['budget.latency_p95'], text: `${text} (alert not pending yet).` },
    ]);
    const pending = concernsOf([model([line('out', { gate: true })], { alerts: [alert], verdict: 'out' })]);
    expect(pending.out).toEqual([{ model: 'churn', rules: ['budget.latency_p95'], text: `${text} (alert pending).` }]);
    expect(concernsOf([model([line('out', { rules: [] })])]).out).toEqual([
      { model: 'churn', rules: [], text: `${text} (no rule alerts for it).` },
    ]);
  });

  it('is a model that cannot be judged', () => {
    expect(concernsOf([model([line('unknown')], { verdict: 'unknown' })])).toEqual({ out: [], unjudged: ['churn'] });
  });

  it('is no model of which only training jobs, instances or measurements are known; one of which nothing is known cannot be judged', () => {
    const counts = { predictions: 0, tooLate: 0 } as ModelView['counts'];
    const silent = {
      ...model([], { verdict: 'unknown' }),
      versions: [],
      jobs: 0,
      instances: 0,
      measurements: 0,
      counts,
    };
    expect(concernsOf([{ ...silent, jobs: 1 }])).toEqual({ out: [], unjudged: [] });
    expect(concernsOf([{ ...silent, instances: 1 }])).toEqual({ out: [], unjudged: [] });
    expect(concernsOf([{ ...silent, measurements: 1 }])).toEqual({ out: [], unjudged: [] });
    expect(concernsOf([silent]).unjudged).toEqual(['churn']);
    expect(concernsOf([{ ...silent, jobs: 1, counts: { ...counts, tooLate: 1 } }]).unjudged).toEqual(['churn']);
  });
});
