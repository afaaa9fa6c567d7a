import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import type { HistoryView, ModelView } from '../../../src/read-model/views';
import { useRange } from '../data/range';
import { useRead } from '../data/use-read';
import { useCalendar } from '../words/calendar';
import { instant as utc, metricValue, span } from '../words/format';
import { Instant } from '../words/instant';
import { chartData, largest } from './chart-data';
import { hasBuckets } from './from-history';
import { Legend } from './legend';
import { limitName, shownLimits, type ShownLimit } from './limits';
import { MissingTimes } from './missing';
import { MetricSwitch } from './metric-switch';
import { historyQuery, shownMetrics, type ShownHistory, type ShownMetric } from './metrics';
import { makePlot, plotData, plotHeight, reaches } from './plot';
import { RangeSwitch } from './range-switch';
import { usePast, type Past } from './use-past';
import { useScheme } from './use-scheme';
import { WindowSwitch } from './window-switch';

const countedBy = {
  outcomes: 'by the time at which outcomes became known',
  predictions: 'by the time of the predictions',
} as const;

/** Two reads of a history lie so far apart at least: it is the largest thing that the page reads. */
const restMs = 1000;

interface HistoryChartProps {
  /** Of the environment. */
  readonly base: string;
  readonly clockMs: number | null;
  readonly change: number;
  readonly model: ModelView;
  readonly incidents: readonly IncidentSummaryView[];
}

/** How a metric went, with what happened: releases, rollbacks, grave incidents. */
export function HistoryChart({ base, clockMs, change, model, incidents }: HistoryChartProps) {
  const metrics = useMemo(() => shownMetrics(model.task), [model.task]);
  const [chosen, chooseMetric] = useState('');
  const metric = metrics.find(({ name }) => name === chosen) ?? metrics[0]!;
  const [shown, chooseHistory] = useState<ShownHistory | null>(null);
  const [range, chooseRange] = useRange();
  const isLive = range.name === 'live';
  const path = `${base}/models/${encodeURIComponent(model.model)}`;
  const live = useRead<HistoryView>(`${path}/history?${historyQuery(metric.name, shown)}`, change, restMs);
  const budgetMs = model.versions.find((each) => each.serving)?.budgetWindowMs ?? null;
  const asked =
    shown?.by === 'prediction-time' && hasBuckets(metric.name)
      ? shown
      : ({ by: 'window', windowMs: live.value?.by === 'window' ? live.value.windowMs : (budgetMs ?? 0) } as const);
  const past = usePast({ base, model: model.model, metric: metric.name, shown: asked, range, clockMs });
  const ofRange = useMemo(
    () => pastView(live.value, past, metric.name, asked),
    [live.value, past.points, past.answer, metric, asked.by],
  );
  const value = isLive ? live.value : ofRange;
  const error = isLive ? live.error : past.error;
  const calendar = useCalendar();
  const scheme = useScheme();
  const [pointed, point] = useState<number | null>(null);
  const names = [...new Set([...model.versions, ...(value?.points ?? [])].map(({ version }) => version))].sort();
  const shownSpan = useRef<readonly [number, number] | null>(null);
  shownSpan.current = past.answer === null || isLive ? null : [past.answer.fromMs / 1000, past.answer.toMs / 1000];
  const limits = shownLimits(model, metric.name);
  const limitsKey = JSON.stringify(limits);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const marks = useRef({ releases: model.releases, incidents });
  marks.current = { releases: model.releases, incidents };
  const data = useMemo(() => chartData(value?.points ?? [], names), [value, names.join()]);

  const most = largest(data);
  const isDrawn = ({ limit }: ShownLimit) => reaches(metric, most ?? 0, limit);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = makePlot(element, {
      ...{ metric, versions: names, calendar, limits, pointed: point },
      marks: () => marks.current,
      ...{ breaks: !isLive, span: () => shownSpan.current },
    });
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(1, element.clientWidth), height: plotHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [names.join(), metric, calendar, limitsKey, scheme, isLive]);
  useEffect(() => {
    plot.current?.setData(
      plotData(
        data,
        limits.map((each) => (isDrawn(each) ? each.limit : null)),
      ),
    );
  }, [data, metric, calendar, limitsKey, scheme, incidents, model.releases.length, isLive]);

  const serving = model.versions.find((each) => each.serving);
  const newest = value?.points.filter(({ version }) => version === serving?.version).at(-1) ?? null;
  // Closed buckets end before now, and a version may have fallen silent.
  const when = value?.by === 'prediction-time' && newest !== null ? `until ${utc(newest.atMs)} UTC` : 'now';
  const summary = `${metric.label} of ${model.serving || 'all versions'}: ${when} ${metricValue(metric.name, newest?.value ?? null)}${limits
    .map((each) => `, ${limitName(each)} ${metricValue(metric.name, each.limit)}`)
    .join('')}`;
  return (
    <figure class="history">
      <MetricSwitch
        metrics={metrics}
        metric={metric}
        choose={(next) => {
          chooseMetric(next.name);
          chooseHistory(null);
        }}
      />
      <figcaption>
        {metric.label}
        {value && <small>{` ${overWhat(value, metric)}`}</small>}
      </figcaption>
      <RangeSwitch range={range} choose={chooseRange} />
      {value && <WindowSwitch history={value} choose={chooseHistory} />}
      {isLive && value && <Backfilled history={value} show={() => chooseHistory({ by: 'prediction-time' })} />}
      {most === null && (value !== null || error !== null) && (
        <p class="quiet">
          {isLive ? 'None is known yet' : (error ?? 'None is known of this time')}
          {isLive && metric.counts === 'outcomes' && ': it takes outcomes, which say what was true'}.
        </p>
      )}
      {!isLive && most !== null && <MissingTimes missing={past.missing} />}
      <div ref={box} class="chart" role="img" aria-label={summary} hidden={most === null} />
      <Legend
        {...{ metric: metric.name, versions: names, history: value, limits, isDrawn }}
        atMs={pointed === null ? null : pointed * 1000}
      />
    </figure>
  );
}

/** A range as the chart and its legend take it; `null` before it is read. */
function pastView(
  live: HistoryView | null,
  past: Past,
  metric: string,
  { by, ...rest }: ShownHistory,
): HistoryView | null {
  if (past.answer === null) return null;
  const windowMs = 'windowMs' in rest ? rest.windowMs : (past.answer.resolutionMs ?? 0);
  const { windows = [], byPredictionTimeSinceMs = null } = live ?? {};
  return { metric, by, windowMs, windows, byPredictionTimeSinceMs, points: past.points };
}

/** Which figures are drawn: `over 30 min, by the time at which outcomes became known`. */
function overWhat({ by, windowMs }: HistoryView, { counts }: ShownMetric): string {
  if (by === 'prediction-time') return `of each ${span(windowMs)}, ${countedBy.predictions}`;
  return `over ${span(windowMs)}, ${countedBy[counts]}`;
}

/** Says that there is history from before the first point of the chart. */
function Backfilled({ history, show }: { readonly history: HistoryView; readonly show: () => void }) {
  const { by, points, windowMs, byPredictionTimeSinceMs } = history;
  const first = points[0];
  if (by !== 'window' || first === undefined || byPredictionTimeSinceMs === null) return null;
  if (byPredictionTimeSinceMs >= first.atMs - windowMs) return null;
  return (
    <p class="quiet">
      The chart starts at <Instant atMs={first.atMs} />, when the first event arrived. Earlier history, since{' '}
      <Instant atMs={byPredictionTimeSinceMs} edge="start" />, counts as far as a window reaches back.{' '}
      <button class="link" onClick={show}>
        Show it by prediction time
      </button>
    </p>
  );
}
