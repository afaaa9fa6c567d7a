import { describe, expect, it } from '@jest/globals';
import { ListArena } from '@moola/windows/list-arena';
import { SketchCells } from '@moola/windows/sketch-cells';
import { placesOf, planTiers } from '@moola/windows/tiers';
import { countPrediction, traffic, trafficBuckets } from '@moola/windows/testing/binary-buckets';
import { generator } from '../../testing/random-story.js';
import { Series } from './series.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const windowsOfPlans = [
  [minuteMs, 5 * minuteMs, 60 * minuteMs, dayMs],
  [5 * minuteMs, 10 * minuteMs],
];

describe('series', () => {
  it('that move to other tiers and end leave nothing behind, and hold what was counted', () => {
    const random = generator(5);
    const [lists, cells] = [new ListArena(), new SketchCells()];
    const buckets = trafficBuckets(cells);
    const plans = windowsOfPlans.map((windowsMs) => {
      const tiers = planTiers(5000, windowsMs);
      return { series: new Series(buckets, tiers, lists), place: placesOf(tiers).get(5 * minuteMs)! };
    });
    const held = Array.from({ length: 20 }, () => ({ plan: 0, row: plans[0]!.series.create(), times: [] as number[] }));
    let tickMs = 1_000_000 * minuteMs;
    for (let step = 0; step < 400; step++) {
      tickMs += Math.floor(random() * 9000);
      for (const each of held) {
        const { series, place } = plans[each.plan]!;
        const timeMs = tickMs - Math.floor(random() * minuteMs);
        const count = series.rowsOf(each.row, timeMs, tickMs);
        for (const row of series.rows.subarray(0, count)) countPrediction(buckets, row, 0, 100 * random(), NaN);
        each.times.push(timeMs);
        series.advance(each.row, tickMs);
        const from = (Math.ceil(tickMs / 5000) - 60) * 5000;
        const [closed, open] = [series.closed(each.row, place), series.open(each.row, place)];
        const counted = buckets.get(closed, traffic.predictions) + buckets.get(open, traffic.predictions);
        expect(counted).toBe(each.times.filter((time) => time >= from).length);
        if (random() > 0.03) continue;
        each.plan = 1 - each.plan;
        each.row = plans[each.plan]!.series.takeOver(series, each.row, tickMs, '', new Map());
      }
    }
    for (const { plan, row } of held) plans[plan]!.series.free(row);
    const live = [...plans.map(({ series }) => series.live), buckets.rows.live, lists.live, cells.live];
    expect(live).toEqual([0, 0, 0, 0, 0]);
  });
});
