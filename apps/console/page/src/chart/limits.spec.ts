import { describe, expect, it } from '@jest/globals';
import type { ModelView } from '../../../src/read-model/views';
import { limitColour, limitName, shownLimits } from './limits';

const line = (limit: number, value?: string) => ({
  ...{ metric: 'accuracy', limit, severity: 'critical' },
  segment: value === undefined ? null : { key: 'region', value },
});

function model(lines: readonly unknown[], limits: readonly unknown[]): ModelView {
  const versions = [
    { serving: false, lines: [line(0.5)] },
    { serving: true, lines },
  ];
  return { versions, limits } as unknown as ModelView;
}

const levels = {
  ...{ rule: 'Accuracy', metric: 'accuracy', comparator: 'below' },
  levels: [
    { severity: 'info', limit: 0.9 },
    { severity: 'warning', limit: 0.85 },
    { severity: 'critical', limit: 0.8 },
    { severity: 'emergency', limit: 0.6 },
  ],
};

describe('the limits of a chart', () => {
  it('are all levels of the rules on the metric, and what the budget says too is one line', () => {
    const shown = shownLimits(model([line(0.8)], [levels, { ...levels, metric: 'recall' }]), 'accuracy');
    expect(shown.map((each) => [limitName(each), each.limit, each.rules, limitColour(each)])).toEqual([
      ['budget', 0.8, ['Accuracy'], '--bad'],
      ['emergency', 0.6, ['Accuracy'], '--bad'],
      ['warning', 0.85, ['Accuracy'], '--unsure'],
      ['info', 0.9, ['Accuracy'], '--quiet'],
    ]);
  });

  it('are none of segments, nor of versions that do not serve', () => {
    expect(shownLimits(model([line(0.7, 'eu')], []), 'accuracy')).toEqual([]);
  });

  it('are at most eight', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ ...levels, levels: [{ severity: 'info', limit: i }] }));
    expect(shownLimits(model([], many), 'accuracy')).toHaveLength(8);
  });
});
