import type { CountedLabel, CountedModel, CountedPrediction, Feed } from '@moola/metrics/accumulator';
import { PackedWriter, type PackedReader } from '@moola/windows/packed-numbers';
import { expectFormat } from '@moola/contracts/entry-format';
import { bucketFormat, type BucketStore } from '@moola/windows/bucket-store';
import { countIn, countLabelled } from '../windows/count-in.js';
import { labelTierOf, type LabelTier } from '../windows/intervals.js';
import type { MeasuredPart } from '../windows/measured-part.js';
import { noSeries, type Series } from '../windows/series.js';
import { partOf, placeOf, type WindowLayout, type WindowPlan, type WindowStore } from '../windows/window-store.js';
import { WindowView } from '../windows/window-view.js';

/** In the order in which entries hold them. */
const feeds = ['labels', 'scores', 'traffic'] as const satisfies readonly Feed[];

const writer = new PackedWriter();

/** The windows of one segment of a version. They count what happened in all its roles. */
export class SegmentWindows implements MeasuredPart {
  private windows: WindowLayout;
  private readonly series: Record<Feed, number> = { labels: noSeries, scores: noSeries, traffic: noSeries };
  /** Something is not in the last checkpoint. */
  unsaved = false;

  constructor(
    private readonly store: WindowStore,
    plan: WindowPlan,
  ) {
    this.windows = store.layoutOf(plan);
  }

  countPrediction(counted: CountedPrediction, timeMs: number, model: CountedModel, tickMs: number): void {
    countIn(this.windows.traffic, this.seriesOf('traffic'), timeMs, counted, model, tickMs);
    this.unsaved = true;
  }

  /** Counts that a prediction has its label. */
  countLabelled(predictedAtMs: number, tickMs: number): void {
    countLabelled(this.windows.traffic, this.series.traffic, predictedAtMs, tickMs);
    this.unsaved = true;
  }

  countLabel(
    feed: 'labels' | 'scores',
    counted: CountedLabel,
    timeMs: number,
    model: CountedModel,
    tickMs: number,
  ): void {
    countIn(this.windows[feed], this.seriesOf(feed), timeMs, counted, model, tickMs);
    this.unsaved = true;
  }

  view(windowMs: number): WindowView {
    const { windows, series } = this;
    const place = placeOf(windows, windowMs);
    return new WindowView(
      windowMs,
      partOf(windows.labels, series.labels, place),
      partOf(windows.scores, series.scores, place),
      partOf(windows.traffic, series.traffic, place),
      null,
    );
  }

  labelTier(windowMs: number): LabelTier {
    return labelTierOf(this.windows, this.series.labels, windowMs);
  }

  /** @returns whether what a window holds has changed by that */
  advance(tickMs: number): boolean {
    let moved = false;
    for (const feed of feeds) moved = this.windows[feed].advance(this.series[feed], tickMs) || moved;
    return moved;
  }

  /** The first millisecond at which `advance` would change a window. */
  nextMoveMs(): number {
    return Math.min(...feeds.map((feed) => this.windows[feed].nextMoveMs(this.series[feed])));
  }

  /** Follows another definition: see `Series.takeOver`. @param keys where its entries stand */
  layOut(plan: WindowPlan, tickMs: number, keys: SegmentKeys, changes: Map<string, Uint8Array | null>): void {
    const { labels, scores, traffic } = this.windows;
    const after = this.store.layoutOf(plan);
    const { series } = this;
    const carry = <B extends BucketStore>(feed: Feed, from: Series<B>, to: Series<B>): void => {
      if (series[feed] === noSeries) return;
      series[feed] = to.takeOver(from, series[feed], tickMs, `${keys.buckets}${feed}/`, changes);
    };
    carry('labels', labels, after.labels);
    carry('scores', scores, after.scores);
    carry('traffic', traffic, after.traffic);
    this.windows = after;
    this.unsaved = true;
  }

  /** Gives up what it holds, and deletes its entries. */
  drop(keys: SegmentKeys, changes: Map<string, Uint8Array | null>): void {
    for (const feed of feeds) {
      const series = this.series[feed];
      if (series === noSeries) continue;
      const windows = this.windows[feed];
      windows.deleteEntries(series, `${keys.buckets}${feed}/`, changes);
      windows.free(series);
      this.series[feed] = noSeries;
    }
    changes.set(keys.newest, null);
  }

  takeChanges(keys: SegmentKeys, changes: Map<string, Uint8Array | null>): void {
    if (!this.unsaved) return;
    this.unsaved = false;
    writer.begin().number(bucketFormat);
    writer.flags(feeds.map((feed) => this.series[feed] !== noSeries));
    for (const feed of feeds) {
      if (this.series[feed] !== noSeries) this.windows[feed].writeNewest(this.series[feed], writer);
    }
    changes.set(keys.newest, writer.finish());
    for (const feed of feeds) {
      if (this.series[feed] === noSeries) continue;
      this.windows[feed].takeChanges(this.series[feed], `${keys.buckets}${feed}/`, changes);
    }
  }

  restoreNewest(key: string, reader: PackedReader): void {
    const found = reader.number();
    expectFormat(key, found, bucketFormat);
    reader.format = found;
    const has = reader.flags(feeds.length);
    feeds.forEach((feed, i) => {
      if (has[i]) this.windows[feed].restoreNewest(this.seriesOf(feed), reader);
    });
  }

  /** Takes in an entry of older buckets. @returns whether there is a place for it */
  restoreEntry([feed, lengthMs, entry]: readonly string[], bytes: Uint8Array): boolean {
    if (!isFeed(feed)) return false;
    return this.windows[feed].restoreEntry(this.seriesOf(feed), Number(lengthMs), Number(entry), bytes);
  }

  private seriesOf(feed: Feed): number {
    if (this.series[feed] === noSeries) this.series[feed] = this.windows[feed].create();
    return this.series[feed];
  }
}

/** Where the entries of a segment stand in a checkpoint. */
export interface SegmentKeys {
  readonly newest: string;
  /** What the keys of its older buckets begin with. */
  readonly buckets: string;
}

function isFeed(name: string | undefined): name is Feed {
  return feeds.some((feed) => feed === name);
}
