import type { Breakdown, ClassFigures, ResidualHistogram } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { BreakdownView, ClassFiguresView, ResidualHistogramView } from './breakdown-views.js';
import { figureView } from './names.js';

/** A breakdown as the API answers it. @param serving whether its version serves now */
export function breakdownViewOf(atMs: number, breakdown: Breakdown, serving: boolean): BreakdownView {
  const { version, windowMs, compared, segments, classes, confusion, scores, residuals } = breakdown;
  const matrix = classes.map(() => classes.map(() => 0));
  for (const { answered, truth, count } of confusion) {
    const row = matrix[truth];
    if (row?.[answered] !== undefined) row[answered] += count;
  }
  return {
    ...{ version, serving, atMs, windowMs, compared },
    segments: segments.map(({ key, value, other, figures, difference, adjustedPValue, worse }) => ({
      ...{ key, value, other, worse },
      figures: figures.map(figureView),
      difference: difference ?? null,
      adjustedPValue: adjustedPValue ?? null,
    })),
    classes: classes.map(classView),
    confusion: matrix,
    scores: scores.map(({ from, to, count, meanScore, cameTrue }) => ({ from, to, count, meanScore, cameTrue })),
    residuals: residuals ? residualsView(residuals) : null,
  };
}

function residualsView({ count, bias, bars, below, above }: ResidualHistogram): ResidualHistogramView {
  return { count, bias, below, above, bars: bars.map(({ from, to, count: held }) => ({ from, to, count: held })) };
}

function classView({ name, other, truths, answered, right }: ClassFigures): ClassFiguresView {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    ...{ name, other, truths, answered, right },
    precision: share(right, answered),
    recall: share(right, truths),
    f1: share(2 * right, answered + truths),
  };
}
