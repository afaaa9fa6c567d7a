import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { Compare } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertTransitionSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { breachText } from './figures.js';
import { breachOf, headline, sinceText } from './headline.js';

const alert = (fields: MessageInitShape<typeof AlertTransitionSchema>) =>
  create(AlertTransitionSchema, { rule: 'ChurnRule', version: 'v7', ...fields });
const figure = (metric: string, value?: number, samples = 180) => ({
  ...{ metric, samples },
  ...(value === undefined ? {} : { value }),
});

describe('a headline', () => {
  it.each<[fields: MessageInitShape<typeof AlertTransitionSchema>, text: string]>([
    [{ figure: figure('accuracy', 0.628), limit: 0.85 }, 'Accuracy 62.8 %, limit 85 %, v7'],
    [{ figure: figure('accuracy', 0.84996), limit: 0.85 }, 'Accuracy 84.996 %, limit 85 %, v7'],
    [
      {
        figure: figure('accuracy', 0.628),
        ...{ limit: 0.85, definition: { segment: { key: 'country', other: true } } },
        segment: { key: 'country', other: true },
      },
      'Accuracy (country, others) 62.8 %, limit 85 %, v7',
    ],
    // The end of a removed rule by pattern still says its segment.
    [{ segment: { key: 'country', value: 'de' } }, 'Alert ChurnRule (country de), v7'],
    [{ figure: figure('error_rate', 1), limit: 0.05 }, 'Error rate 100 %, limit 5 %, v7'],
    [{ figure: figure('latency_p95', 155.2), limit: 80 }, 'Latency P95 155 ms, limit 80 ms, v7'],
    [{ figure: figure('latency_p95', 80.2), limit: 80 }, 'Latency P95 80.2 ms, limit 80 ms, v7'],
    [{ figure: figure('latency_p50', 0.25), limit: 0.1 }, 'Latency P50 0.3 ms, limit 0.1 ms, v7'],
    [
      { figure: figure('cost_per_prediction', 12_000), limit: 0.0042 },
      'Cost a prediction $12,000.00, limit $0.0042, v7',
    ],
    [
      { figure: figure('accuracy_degradation', 0.06), limit: 0.05 },
      'Accuracy degradation 6 points, limit 5 points, v7',
    ],
    [{ figure: figure('latency_increase', 1.52), limit: 1.5 }, 'Latency increase × 1.52, limit × 1.5, v7'],
    [{ figure: figure('throughput', 12.25), limit: 100 }, 'Throughput 12.3 a minute, limit 100 a minute, v7'],
    [{ figure: figure('labels', 1_234), limit: 2_000 }, 'Labels 1,234, limit 2,000, v7'],
    [
      {
        figure: figure('accuracy', 0.82),
        ...{ limit: -0.05, baseline: 0.9, definition: { compare: Compare.DIFFERENCE_TO_BASELINE } },
      },
      'Accuracy 82 %, 8 points below 90 % when it was known good, limit 5 points, v7',
    ],
    [
      {
        figure: figure('latency_p95', 120),
        ...{ limit: 1.2, baseline: 80, definition: { compare: Compare.RATIO_TO_BASELINE } },
      },
      'Latency P95 120 ms, × 1.5 of 80 ms when it was known good, limit × 1.2, v7',
    ],
    [
      {
        figure: figure('accuracy', undefined, 3),
        definition: { onMissing: true, minimumSamples: 100, windowMs: 1_800_000 },
      },
      'Too few samples for accuracy: 3 in 30 min, 100 needed, v7',
    ],
    [
      {
        figure: figure('predictions', undefined, 0),
        definition: { onMissing: true, minimumSamples: 1, windowMs: 60_000 },
      },
      'No predictions in 1 min, at least 1 expected, v7',
    ],
    [
      { figure: figure('labels', 5, 5), definition: { onMissing: true, minimumSamples: 1200, windowMs: 3_600_000 } },
      'Too few labels: 5 in 1 h, 1,200 needed, v7',
    ],
    [
      { figure: figure('recall', undefined, 0), definition: { onMissing: true, minimumSamples: 30 } },
      'No samples for recall, at least 30 expected, v7',
    ],
    [{ figure: figure('accuracy'), limit: 0.85 }, 'Accuracy unknown, limit 85 %, v7'],
    [{ limit: 0.85 }, 'Alert ChurnRule, limit 0.85, v7'],
    [{}, 'Alert ChurnRule, v7'],
  ])('of %j', (fields, text) => {
    expect(headline(breachOf(alert(fields)))).toBe(text);
  });

  it.each([
    ['2026-06-02T09:36:59Z', '2026-06-02T23:00:00Z', 'since 09:36'],
    ['2026-06-01T23:59:00Z', '2026-06-02T00:04:00Z', 'since 2026-06-01 23:59'],
  ])('says since when: %s, told at %s', (since, asOf, text) => {
    expect(sinceText(Date.parse(since), Date.parse(asOf))).toBe(text);
  });

  it('stands with what it rests on where there is room', () => {
    const fields = { figure: { ...figure('accuracy', 0.628), effectiveSamples: 9.2 }, limit: 0.85 };
    expect(breachText(alert({ ...fields, definition: { windowMs: 3_600_000 } }))).toBe(
      'Accuracy 62.8 %, limit 85 % (n = 180, effective sample size 9, over 1 h)',
    );
  });
});
