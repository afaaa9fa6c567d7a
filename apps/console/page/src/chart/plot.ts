import UPlot from 'uplot';
import type { CalendarView } from '../../../src/read-model/environment-views';
import { metricValue } from '../words/format';
import { timeAxis } from './axis';
import type { ChartData } from './chart-data';
import { drawIncidents, drawReleases, type Marks } from './marks';
import { limitColour, type ShownLimit } from './limits';
import type { ShownMetric } from './metrics';

export const plotHeight = 270;

/** All that a plot is made for; it is made anew when any of it changes. */
export interface PlotOptions {
  readonly metric: ShownMetric;
  readonly versions: readonly string[];
  readonly calendar: CalendarView | null;
  readonly limits: readonly ShownLimit[];
  /** Lines break where a version has no figure; else they go on to the next. */
  readonly breaks: boolean;
  /** The times to show, seconds; `null`: those that there are figures of. Asked at every drawing. */
  readonly span: () => readonly [number, number] | null;
  /** Asked at every drawing. */
  readonly marks: () => Marks;
  readonly pointed: (second: number | null) => void;
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (series: number) => css(`--series-${series % 6}`);

export function makePlot(element: HTMLElement, options: PlotOptions): UPlot {
  const { metric, versions, limits } = options;
  const axis = { stroke: css('--quiet'), grid: { stroke: css('--grid'), width: 1 }, ticks: { stroke: css('--grid') } };
  const line = (stroke: string, width: number): UPlot.Series => ({ stroke, width, points: { show: false } });
  const hidden: UPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  const plot: UPlot.Options = {
    ...{ width: element.clientWidth, height: plotHeight, padding: [32, 24, 0, 0], legend: { show: false } },
    tzDate: (second) => UPlot.tzDate(new Date(second * 1000), 'UTC'),
    scales: {
      x: { range: (_plot, from, to) => [...(options.span() ?? span(from, to))] as [number, number] },
      y: { range: (_plot, least, most) => range(metric, least, most, limits) },
    },
    axes: [
      { ...axis, ...timeAxis(options.calendar) },
      { ...axis, size: 64, values: (_, values) => values.map((value) => metricValue(metric.name, value)) },
    ],
    series: [
      {},
      hidden,
      hidden,
      ...versions.map((_, index) => ({ ...line(colour(index), 1), alpha: 0.75, spanGaps: !options.breaks })),
      ...versions.map((_, index) => line(colour(index), 3)),
      ...limits.map((limit) => ({
        ...line(css(limitColour(limit)), limit.severity === 'emergency' ? 2 : 1),
        dash: limit.isBudget ? [5, 4] : [2, 3],
      })),
    ],
    bands: [{ series: [2, 1], fill: css('--band') }],
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    hooks: {
      drawAxes: [(each) => drawIncidents(each, options.marks().incidents)],
      draw: [(each) => drawReleases(each, options.marks().releases)],
      setCursor: [
        ({ cursor: { idx }, data }) => options.pointed(typeof idx === 'number' ? (data[0][idx] ?? null) : null),
      ],
    },
  };
  return new UPlot(plot, [[]], element);
}

/** Ten minutes at least: one figure alone has a place in time too. */
function span(from: number | null, to: number | null): [number, number] {
  const end = to ?? 0;
  return [Math.min(from ?? 0, end - 600), end];
}

/** Whether the axis reaches a limit: a latency far below it would be a flat line otherwise. */
export function reaches({ isShare, signed }: ShownMetric, most: number, limit: number): boolean {
  return isShare || signed || most > limit / 4;
}

/** A share has its whole axis; a latency what was seen, and its limits when they are near. */
function range(
  metric: ShownMetric,
  least: number | null,
  most: number | null,
  limits: readonly ShownLimit[],
): [number, number] {
  if (metric.isShare) return [0, 1];
  const seen = most ?? 0;
  const near = limits.map(({ limit }) => limit).filter((limit) => reaches(metric, seen, limit));
  const bottom = metric.signed ? Math.min(0, least ?? 0, ...near) * 1.1 : 0;
  const top = Math.max(seen, ...near);
  return [bottom, top > 0 ? top * 1.1 : bottom < 0 ? 0 : 1];
}

/** @param limits `null`: one that is not drawn */
export function plotData(data: ChartData, limits: readonly (number | null)[]): UPlot.AlignedData {
  const drawn = limits.map((limit) => data.times.map(() => limit));
  const columns = [data.lower, data.upper, ...data.versions, ...data.serving, ...drawn];
  return [[...data.times], ...columns.map((column) => [...column])];
}
