import { figureValue } from '@moola/metrics/figure-value';
import { isOfSegments } from '@moola/metrics/catalogue';
import { exposedMetrics } from '@moola/metrics/exposed-metrics';
import type { SegmentFiguresView } from '../read-model/breakdown-views.js';
import { modelLabels, type ExposedEnvironment, type Family, type Sample } from './model-family.js';

const labels = [...modelLabels, 'version', 'key', 'segment'] as const;

/** A segment of a version that serves. Its labels are one object for all of its figures: they are written once. */
interface ExposedSegment {
  readonly labels: Sample['labels'];
  readonly segment: SegmentFiguresView;
}

/** The segments of what serves, over the budget's window. How many there are is bounded by each model's definition. */
export function segmentFamilies(environments: readonly ExposedEnvironment[]): Family[] {
  const segments = environments.flatMap(segmentsOf);
  const figures = exposedMetrics
    .filter(({ metric }) => isOfSegments(metric))
    .map(({ metric, name, help, inBaseUnit }): Family => ({
      name: name.replace('moola_model_', 'moola_model_segment_'),
      help: `Of one segment of what serves. ${help}`,
      labels,
      samples: segments.flatMap(({ labels: each, segment }) => {
        const value = figureValue(segment.figures, metric.name);
        return value === null ? [] : [{ labels: each, value: inBaseUnit(value) }];
      }),
    }));
  return [
    ...figures,
    {
      name: 'moola_model_segment_worse',
      help: '1 for a segment that is worse than the rest of its label, with a false discovery rate of at most 5 %, else 0; not there with too few samples.',
      labels,
      samples: segments.flatMap(({ labels: each, segment }) =>
        segment.adjustedPValue === null ? [] : [{ labels: each, value: segment.worse ? 1 : 0 }],
      ),
    },
  ];
}

function segmentsOf({ fold, models }: ExposedEnvironment): ExposedSegment[] {
  const { environment } = fold;
  return models.flatMap(({ model }) => {
    const breakdown = fold.models.get(model)?.servingBreakdown();
    return (breakdown?.segments ?? []).map((segment) => {
      const { key, value, other } = segment;
      const named = { key, segment: other ? '(others)' : value };
      return { labels: { environment, model, version: breakdown?.version ?? '', ...named }, segment };
    });
  });
}
