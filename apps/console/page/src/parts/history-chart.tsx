import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { HistoryPoint } from '../../../src/read-model/views';
import { useRead } from '../data/live';
import { percent, span } from '../words/format';

const colours = ['#8b8fa3', '#0f766e', '#c2410c', '#7c3aed', '#b45309', '#0369a1'];

interface History {
  readonly windowMs: number | null;
  readonly points: readonly HistoryPoint[];
}

interface HistoryChartProps {
  readonly path: string;
  readonly change: number;
  readonly limit: number | null;
  readonly versions: readonly string[];
}

/** Series on one axis of times: a gap where a version has no point. */
function aligned(points: readonly HistoryPoint[], versions: readonly string[], limit: number | null) {
  const times = [...new Set(points.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const place = new Map(times.map((time, index) => [time, index]));
  const series = versions.map((version) => {
    const values: (number | null | undefined)[] = new Array<undefined>(times.length).fill(undefined);
    for (const point of points) if (point.version === version) values[place.get(point.atMs) as number] = point.value;
    return values;
  });
  return [times.map((time) => time / 1000), ...series, times.map(() => limit)] as UPlot.AlignedData;
}

/** `17:30`, with the date where a day begins. UTC. */
function timeLabel(second: number, before: number | undefined): string {
  const iso = new Date(second * 1000).toISOString();
  const isNewDay = before === undefined || new Date(before * 1000).toISOString().slice(0, 10) !== iso.slice(0, 10);
  return isNewDay ? `${iso.slice(11, 16)}\n${iso.slice(0, 10)}` : iso.slice(11, 16);
}

function options(width: number, versions: readonly string[]): UPlot.Options {
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--quiet');
  const axis = { stroke: ink, grid: { stroke: 'rgba(128,128,128,.15)', width: 1 } };
  return {
    width,
    height: 240,
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: { y: { range: [0, 1] } },
    axes: [
      { ...axis, values: (_, seconds) => seconds.map((second, index) => timeLabel(second, seconds[index - 1])) },
      { ...axis, values: (_, values) => values.map((value) => `${Math.round(value * 100)} %`) },
    ],
    series: [
      { label: 'Time (UTC)' },
      ...versions.map((version, index) => ({
        label: version,
        stroke: colours[index % colours.length] as string,
        width: 1.5,
        spanGaps: true,
        value: (_: UPlot, value: number | null) => percent(value),
      })),
      {
        label: 'budget',
        stroke: '#dc2626',
        dash: [4, 4],
        width: 1,
        value: (_: UPlot, value: number | null) => percent(value),
      },
    ],
  };
}

export function HistoryChart({ path, change, limit, versions }: HistoryChartProps) {
  const { value } = useRead<History>(path, change);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const names = versions.join();
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const plot = new UPlot(options(element.clientWidth, versions), [[], ...versions.map(() => []), []], element);
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 240 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [names]);
  useEffect(() => {
    if (value) chart.current?.setData(aligned(value.points, versions, limit));
  }, [value, names, limit]);
  return (
    <figure>
      <figcaption>
        Accuracy{value?.windowMs ? ` over ${span(value.windowMs)}, by the time at which outcomes became known` : ''}
      </figcaption>
      <div ref={box} class="chart" />
    </figure>
  );
}
