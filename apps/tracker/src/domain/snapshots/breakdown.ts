import { create } from '@bufbuild/protobuf';
import {
  BreakdownSchema,
  ClassFiguresSchema,
  ConfusionCellSchema,
  ResidualHistogramSchema,
  ScoreBinSchema,
  SegmentFiguresSchema,
  type Breakdown,
  type ClassFigures,
  type ConfusionCell,
  type SegmentFigures,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { otherClasses, classesOf, classPairs } from '@moola/metrics/accumulators/class-confusion';
import { scoreBins } from '@moola/metrics/catalogue/calibration-error';
import { classCounts, type ClassCounts } from '@moola/metrics/catalogue/class-counts';
import { confusionOf } from '@moola/metrics/catalogue/confusion-counts';
import { residualHistogram } from '@moola/metrics/catalogue/residual-histogram';
import { isOfSegments, measure, metricsOf } from '@moola/metrics/catalogue';
import { labels, predictions } from '@moola/metrics/catalogue/counts';
import { classifiers } from '@moola/metrics/task-type';
import { endedBuckets } from '@moola/windows/bucket-time';
import type { ModelState } from '../models/model-state.js';
import type { VersionState } from '../models/version-state.js';
import { comparedMetric } from '../segments/compared-metrics.js';
import type { SegmentName } from '../segments/segment-names.js';
import { segmentBucketMs } from '../segments/watched-segments.js';
import { compareSegments } from '../segments/worse-segments.js';
import { effectiveSamples } from '../windows/intervals.js';
import type { WindowView } from '../windows/window-view.js';
import { figureOf } from './figure.js';
import type { Publisher } from './publisher.js';

/**
 * Publishes what the budget's window of every version that changed is made of, at most once for each bucket of its segments,
 * a minute or more.
 */
export function publishBreakdowns(model: ModelState, tickMs: number, publisher: Publisher): void {
  const ends = endedBuckets(tickMs, segmentBucketMs(model.watched.definition.bucketMs));
  if (ends <= model.record.breakdownEnds) return;
  for (const version of model.versionsByName()) {
    if (!version.record.breakdownDue) continue;
    version.record.breakdownDue = false;
    version.unsaved = true;
    model.record.breakdownEnds = ends;
    if (publisher.published === 'rules') continue;
    const value = breakdownOf(model, version);
    if (value !== null) publisher.snapshot(tickMs, { case: 'breakdown', value });
  }
}

/** `null` where there is nothing to tell apart. */
function breakdownOf(model: ModelState, version: VersionState): Breakdown | null {
  const { task, budgetWindowMs } = model.watched;
  const view = version.view(budgetWindowMs);
  const segments = segmentFigures(model, version);
  const answers = task === 'binary' ? twoClasses(model, view) : task === 'multiclass' ? manyClasses(model, view) : none;
  const residuals = task === 'regression' ? residualHistogram(view) : undefined;
  if (segments.length === 0 && answers.classes.length === 0 && residuals === undefined) return null;
  return create(BreakdownSchema, {
    version: version.name,
    role: version.record.role,
    serving: model.isServing(version),
    windowMs: budgetWindowMs,
    compared: comparedMetric(task).metric.name,
    segments,
    ...answers,
    scores: classifiers.includes(task) ? scoreBins(view).map((bin) => create(ScoreBinSchema, bin)) : [],
    ...(residuals && { residuals: create(ResidualHistogramSchema, { ...residuals, bars: [...residuals.bars] }) }),
  });
}

function segmentFigures(model: ModelState, version: VersionState): SegmentFigures[] {
  const { task, budgetWindowMs, definition } = model.watched;
  const { metric, proportion, moments } = comparedMetric(task);
  const segments = version.segments
    .entries()
    .map(([number, segment]) => ({ name: model.segments.name(number), segment, view: segment.view(budgetWindowMs) }))
    .filter(({ view }) => predictions.samples(view) + labels.samples(view) > 0)
    .sort((a, b) => byName(a.name, b.name));
  if (segments.length === 0) return [];
  const all = measure(metric, version.view(budgetWindowMs));
  const worth = effectiveSamples(metric, all, {
    model: definition,
    windowMs: budgetWindowMs,
    labels: version.labelTier(budgetWindowMs),
  });
  const compared = compareSegments(
    segments.map(({ name, view }) => ({ key: name.key, moments: moments(view) })),
    {
      proportion,
      worseWhen: metric.worse === 'below' ? 'below' : 'above',
      designEffect: worth === undefined || worth === 0 ? 1 : all.samples / worth,
    },
  );
  return segments.map(({ name, segment, view }, i) => {
    const comparison = compared[i] ?? null;
    return create(SegmentFiguresSchema, {
      ...name,
      figures: metricsOf(task)
        .filter(isOfSegments)
        .map((each) => figureOf(model, segment, view, each, measure(each, view))),
      ...(comparison !== null && comparison),
    });
  });
}

/** By key, then by value; what is counted together is last. */
function byName(a: SegmentName, b: SegmentName): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.other !== b.other) return a.other ? 1 : -1;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

interface Answers {
  readonly classes: ClassFigures[];
  readonly confusion: ConfusionCell[];
}

const none: Answers = { classes: [], confusion: [] };

function twoClasses({ positiveClass }: ModelState, view: WindowView): Answers {
  if (labels.samples(view) === 0) return none;
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = confusionOf(view);
  const cells = [
    [0, 0, truePositives],
    [0, 1, falsePositives],
    [1, 0, falseNegatives],
    [1, 1, trueNegatives],
  ] as const;
  return {
    classes: [
      create(ClassFiguresSchema, {
        name: positiveClass,
        truths: truePositives + falseNegatives,
        answered: truePositives + falsePositives,
        right: truePositives,
      }),
      create(ClassFiguresSchema, {
        other: true,
        truths: trueNegatives + falsePositives,
        answered: trueNegatives + falseNegatives,
        right: trueNegatives,
      }),
    ],
    confusion: cells
      .filter(([, , count]) => count > 0)
      .map(([answered, truth, count]) => create(ConfusionCellSchema, { answered, truth, count })),
  };
}

/** So many classes stand in a breakdown, those with the most truths; all others are one. */
const mostShownClasses = 20;

function manyClasses(model: ModelState, view: WindowView): Answers {
  const counts = [...classCounts(view)].sort(([a, left], [b, right]) => right.truths - left.truths || a - b);
  if (counts.length === 0) return none;
  const named = counts.filter(([number]) => number !== otherClasses).slice(0, mostShownClasses);
  const places = new Map(named.map(([number], place) => [number, place]));
  const placeOf = (number: number): number => places.get(number) ?? named.length;
  const classes = named.map(([number, { truths, answered, right }]) =>
    create(ClassFiguresSchema, { name: model.className(number), truths, answered, right }),
  );
  const cells = new Map<string, ConfusionCell>();
  view.forEachCell(classPairs, (cell, count) => {
    const [answered, truth] = classesOf(cell).map(placeOf) as [number, number];
    const key = `${answered}/${truth}`;
    const before = cells.get(key) ?? create(ConfusionCellSchema, { answered, truth });
    before.count += count;
    cells.set(key, before);
  });
  if (named.length < counts.length) classes.push(otherClass(counts.slice(named.length)));
  const confusion = [...cells.values()].sort((a, b) => a.answered - b.answered || a.truth - b.truth);
  return { classes, confusion };
}

function otherClass(counts: readonly (readonly [number, ClassCounts])[]): ClassFigures {
  const sum = (of: keyof ClassCounts): number => counts.reduce((total, [, each]) => total + each[of], 0);
  return create(ClassFiguresSchema, {
    other: true,
    ...{ truths: sum('truths'), answered: sum('answered'), right: sum('right') },
  });
}
