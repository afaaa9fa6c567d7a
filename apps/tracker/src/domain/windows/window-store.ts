import { labelBuckets, type LabelBuckets } from '@moola/windows/label-bucket';
import { ListArena } from '@moola/windows/list-arena';
import { SketchCells } from '@moola/windows/sketch-cells';
import type { PlannedTier, WindowPlace } from '@moola/windows/tiers';
import { trafficBuckets, type TrafficBuckets } from '@moola/windows/traffic-bucket';
import { Histories } from './history.js';
import { Series } from './series.js';

/** The tiers of a model's windows, and where each window stands in them. */
export interface WindowPlan {
  readonly tiers: readonly PlannedTier[];
  /** By length. */
  readonly places: ReadonlyMap<number, WindowPlace>;
}

/** The series of all versions whose models need the same windows. */
export interface WindowLayout {
  readonly labels: Series<LabelBuckets>;
  readonly traffic: Series<TrafficBuckets>;
  readonly places: ReadonlyMap<number, WindowPlace>;
}

/** Where a window of a layout stands. */
export function placeOf({ places }: WindowLayout, windowMs: number): WindowPlace {
  const place = places.get(windowMs);
  if (!place) throw new Error(`no tier was planned for a window of ${windowMs} ms`);
  return place;
}

/** The windows and histories of all versions of a task. */
export class WindowStore {
  private readonly lists = new ListArena();
  private readonly cells = new SketchCells();
  private readonly labels = labelBuckets();
  private readonly traffic = trafficBuckets(this.cells);
  readonly histories = new Histories(this.lists);
  /** By their tiers. */
  private readonly layouts = new Map<string, WindowLayout>();
  private readonly found = new WeakMap<WindowPlan, WindowLayout>();

  /** Plans with equal tiers share a layout; one that no series has any more is given up when another comes. */
  layoutOf(plan: WindowPlan): WindowLayout {
    let layout = this.found.get(plan);
    if (layout === undefined) {
      layout = this.layoutOfTiers(plan);
      this.found.set(plan, layout);
    }
    return layout;
  }

  private layoutOfTiers({ tiers, places }: WindowPlan): WindowLayout {
    const key = JSON.stringify(tiers);
    const known = this.layouts.get(key);
    if (known !== undefined) return known;
    for (const [old, { labels, traffic }] of this.layouts) {
      if (labels.live === 0 && traffic.live === 0) this.layouts.delete(old);
    }
    const labels = new Series(this.labels, tiers, this.lists);
    const layout = { labels, traffic: new Series(this.traffic, tiers, this.lists), places };
    this.layouts.set(key, layout);
    return layout;
  }
}
