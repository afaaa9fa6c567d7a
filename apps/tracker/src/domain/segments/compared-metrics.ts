import { labels } from '@moola/metrics/accumulators/labels';
import { residuals } from '@moola/metrics/accumulators/residuals';
import { right } from '@moola/metrics/accumulators/right-answers';
import { volume } from '@moola/metrics/accumulators/volume';
import { accuracy } from '@moola/metrics/catalogue/accuracy';
import { errorRate } from '@moola/metrics/catalogue/error-rate';
import { mae } from '@moola/metrics/catalogue/mae';
import { numberOf } from '@moola/metrics/fraction';
import type { Metric, WindowFigures } from '@moola/metrics/metric';
import type { TaskType } from '@moola/metrics/task-type';
import type { Moments } from '@moola/statistics/mean-difference';

/** The metric by which the segments of a model are compared: a mean over its labels or predictions. */
export interface ComparedMetric {
  readonly metric: Metric;
  /** A share of counts, whose test is exact. */
  readonly proportion: boolean;
  readonly moments: (window: WindowFigures) => Moments;
}

function proportion(part: number, whole: number): Moments {
  return { count: whole, sum: part, squares: part };
}

const byAccuracy: ComparedMetric = {
  metric: accuracy,
  proportion: true,
  moments: (window) => proportion(window.count(right), window.count(labels)),
};

const byTask: Readonly<Record<TaskType, ComparedMetric>> = {
  binary: byAccuracy,
  multiclass: byAccuracy,
  regression: {
    metric: mae,
    proportion: false,
    moments: (window) => ({
      count: window.count(labels),
      sum: numberOf(window.exact(residuals.absolute)),
      squares: numberOf(window.exact(residuals.square)),
    }),
  },
  unlabelled: {
    metric: errorRate,
    proportion: true,
    moments: (window) => proportion(window.count(volume.errors), window.count(volume.predictions)),
  },
};

export function comparedMetric(task: TaskType): ComparedMetric {
  return byTask[task];
}
