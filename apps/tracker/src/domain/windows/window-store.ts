import type { Accumulator, CountedLabel, CountedPrediction } from '@moola/metrics/accumulator';
import { accumulatorsOf, labelAccumulators, scoreAccumulators, trafficAccumulators } from '@moola/metrics/accumulators';
import type { TaskType } from '@moola/metrics/task-type';
import { AccumulatedBuckets, shapeOf } from '@moola/windows/accumulated-buckets';
import { ListArena } from '@moola/windows/list-arena';
import { SketchCells } from '@moola/windows/sketch-cells';
import type { PlannedTier, WindowPlace } from '@moola/windows/tiers';
import { Histories } from './history.js';
import { Series } from './series.js';
import type { WindowPart } from './window-view.js';

/** Answers whose truth became known in a bucket. */
export type LabelBuckets = AccumulatedBuckets<CountedLabel>;
/** What was answered in a bucket, by prediction time. */
export type TrafficBuckets = AccumulatedBuckets<CountedPrediction>;

/** The tiers of a model's windows, where each window stands in them, and what its buckets are to hold. */
export interface WindowPlan {
  readonly task: TaskType;
  readonly tiers: readonly PlannedTier[];
  /** By length. */
  readonly places: ReadonlyMap<number, WindowPlace>;
}

/** The series of all versions whose models need the same windows of the same sums. */
export interface WindowLayout {
  readonly labels: Series<LabelBuckets>;
  /** Of labels with a score. */
  readonly scores: Series<LabelBuckets>;
  readonly traffic: Series<TrafficBuckets>;
  readonly places: ReadonlyMap<number, WindowPlace>;
}

/** Where a window of a layout stands. */
export function placeOf({ places }: WindowLayout, windowMs: number): WindowPlace {
  const place = places.get(windowMs);
  if (!place) throw new Error(`no tier was planned for a window of ${windowMs} ms`);
  return place;
}

/** What a window of a series holds. */
export function partOf<Counted>(
  series: Series<AccumulatedBuckets<Counted>>,
  row: number,
  place: WindowPlace,
): WindowPart {
  return { buckets: series.buckets, closed: series.closed(row, place), open: series.open(row, place) };
}

/** The windows and histories of all versions of a task. */
export class WindowStore {
  private readonly lists = new ListArena();
  private readonly cells = new SketchCells();
  /** By shape: tasks that need the same sums share their buckets. */
  private readonly labels = new Map<number, LabelBuckets>();
  private readonly scores = new Map<number, LabelBuckets>();
  private readonly traffic = new Map<number, TrafficBuckets>();
  readonly histories = new Histories(this.lists);
  /** By their tiers and sums. */
  private readonly layouts = new Map<string, WindowLayout>();
  private readonly found = new WeakMap<WindowPlan, WindowLayout>();

  /** Plans with equal tiers and sums share a layout; one that no series has any more is given up when another comes. */
  layoutOf(plan: WindowPlan): WindowLayout {
    let layout = this.found.get(plan);
    if (layout === undefined) {
      layout = this.layoutOfTiers(plan);
      this.found.set(plan, layout);
    }
    return layout;
  }

  private layoutOfTiers({ task, tiers, places }: WindowPlan): WindowLayout {
    const labels = bucketsOf(this.labels, labelAccumulators, task, this.cells);
    const scores = bucketsOf(this.scores, scoreAccumulators, task, this.cells);
    const traffic = bucketsOf(this.traffic, trafficAccumulators, task, this.cells);
    const key = JSON.stringify([labels.shape, scores.shape, traffic.shape, tiers]);
    const known = this.layouts.get(key);
    if (known !== undefined) return known;
    for (const [old, layout] of this.layouts) {
      if (layout.labels.live + layout.scores.live + layout.traffic.live === 0) this.layouts.delete(old);
    }
    const layout = {
      labels: new Series(labels, tiers, this.lists),
      scores: new Series(scores, tiers, this.lists),
      traffic: new Series(traffic, tiers, this.lists),
      places,
    };
    this.layouts.set(key, layout);
    return layout;
  }
}

function bucketsOf<Counted>(
  known: Map<number, AccumulatedBuckets<Counted>>,
  all: readonly Accumulator<Counted>[],
  task: TaskType,
  cells: SketchCells,
): AccumulatedBuckets<Counted> {
  const accumulators = accumulatorsOf(all, task);
  const shape = shapeOf(accumulators);
  let buckets = known.get(shape);
  if (buckets === undefined) {
    buckets = new AccumulatedBuckets(all, accumulators, cells);
    known.set(shape, buckets);
  }
  return buckets;
}
