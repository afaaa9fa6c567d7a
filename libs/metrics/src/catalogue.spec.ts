import { describe, expect, it } from '@jest/globals';
import { labelAccumulators, scoreAccumulators, trafficAccumulators } from './accumulators.js';
import type { Field } from './accumulator.js';
import { metrics, metricsOf } from './catalogue.js';
import { basisOf, type Metric, type WindowFigures } from './metric.js';
import { taskTypes } from './task-type.js';

const accumulators = [...labelAccumulators, ...trafficAccumulators, ...scoreAccumulators];

/** A window that says which sums were read of it. */
function spyWindow(): { readonly window: WindowFigures; readonly read: Set<Field> } {
  const read = new Set<Field>();
  const one = (field: Field): number => {
    read.add(field);
    return 40;
  };
  const window: WindowFigures = {
    windowMs: 60_000,
    count: one,
    wide: one,
    exact: (field) => ({ numerator: BigInt(one(field)), denominator: 1n }),
    values: one,
    percentile: one,
    forEachCell: (field, visit) => visit(0, one(field)),
    baseline: { accuracy: 0.5, latency_p95: 5 },
    baselineCounts: { accuracy: [1, 2] },
  };
  return { window, read };
}

function fieldsOf(metric: Metric): ReadonlySet<Field> {
  const { window, read } = spyWindow();
  metric.samples(window);
  metric.measure(window);
  metric.counts?.(window);
  metric.exactly?.(window);
  metric.variance?.(window);
  return read;
}

describe('the catalogue of metrics', () => {
  it('has every metric once', () => {
    for (const what of ['name', 'title', 'meaning'] as const) {
      const all = metrics.map((metric) => metric[what]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it.each(metrics)('reads for $name only sums that all models of its tasks have', (metric) => {
    for (const task of metric.tasks) {
      const held = new Set(accumulators.filter(({ tasks }) => tasks.includes(task)).flatMap(({ fields }) => fields));
      for (const field of fieldsOf(metric))
        expect([task, field.name, held.has(field)]).toEqual([task, field.name, true]);
    }
  });

  it.each(metrics)('says of $name on which rows it rests', (metric) => {
    const feeds = new Set([...fieldsOf(metric)].map(({ feed }) => feed));
    expect(metric.restsOn).toBe([...feeds].reduce((bits, feed) => bits | basisOf[feed], 0));
  });

  it('has for every task one that a chart shows first', () => {
    for (const task of taskTypes) expect(metricsOf(task).some(({ charted }) => charted)).toBe(true);
  });
});

describe('accumulators', () => {
  it('have ids of their own, in order: checkpoints name them by these', () => {
    for (const list of [labelAccumulators, trafficAccumulators, scoreAccumulators]) {
      const ids = list.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    }
    expect(new Set(accumulators.map(({ id }) => id)).size).toBe(accumulators.length);
    expect(Object.fromEntries(accumulators.map(({ id, name }) => [id, name]))).toEqual({
      ...{ 0: 'labels', 1: 'right answers', 2: 'binary confusion', 3: 'volume', 4: 'cost', 5: 'latency' },
      ...{
        6: 'residuals',
        7: 'class confusion',
        8: 'scores',
        9: 'label delay',
        10: 'label coverage',
        11: 'residual counts',
      },
    });
  });

  it('name each sum once', () => {
    for (const list of [labelAccumulators, trafficAccumulators, scoreAccumulators]) {
      const names = list.flatMap(({ fields }) => fields.map(({ name }) => name));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
