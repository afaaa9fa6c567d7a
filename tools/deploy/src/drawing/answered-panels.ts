import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { queriesOf, type PanelQuery, type VariableValues } from '../dashboards/panel-queries.js';
import type { PrometheusApi, Series } from '../testing/prometheus.js';
import type { DrawnPanel } from './drawn-panel.js';
import { format } from './format.js';

export interface Span {
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Asks every query of a dashboard, and puts the answers in the panels' places. */
export async function answeredPanels(
  dashboard: Dashboard,
  values: VariableValues,
  api: PrometheusApi,
  span: Span,
): Promise<DrawnPanel[]> {
  const drawn: DrawnPanel[] = [];
  for (const panel of dashboard.panels ?? []) drawn.push(await answered(panel, values, api, span));
  return drawn;
}

async function answered(
  panel: Panel | RowPanel,
  values: VariableValues,
  api: PrometheusApi,
  span: Span,
): Promise<DrawnPanel> {
  const { x = 0, y = 0, w = 24, h = 1 } = panel.gridPos ?? {};
  const at = { title: panel.title ?? '', place: { x, y, w, h } };
  if (panel.type === 'row') return { ...at, kind: 'row', empty: false };
  const each = panel as Panel;
  const queries = queriesOf(each, values);
  const unit = each.fieldConfig?.defaults.unit ?? 'short';
  switch (each.type) {
    case 'stat': {
      const series = (await Promise.all(queries.map(({ expr }) => api.now(expr)))).flat();
      const names = (each.options as { textMode?: string }).textMode === 'name';
      const last = Number(series[0]?.values[0]?.[1]);
      const texts = series.map((one) => (names ? legendOf(queries[0]?.legend ?? '', one) : format(last, unit)));
      const { noValue } = each.fieldConfig?.defaults ?? {};
      if (series.length === 0 && noValue !== undefined)
        return { ...at, kind: 'stat', texts: [noValue], colour: null, empty: false };
      return { ...at, kind: 'stat', texts, colour: colourOf(each, last), empty: series.length === 0 };
    }
    case 'table':
      return tableOf(each, at, await Promise.all(queries.map(({ expr }) => api.now(expr))));
    case 'state-timeline': {
      const series = (await courses(queries, api, span)).map(({ legend, values: points }) => ({
        legend,
        spans: merged(
          points.map(([time, value]) => {
            const from = (time - span.from) / (span.to - span.from);
            const colour = colourOf(each, Number(value)) ?? 'gray';
            return { from, to: from + span.step / (span.to - span.from), colour };
          }),
        ),
      }));
      return { ...at, kind: 'states', series, empty: series.length === 0 };
    }
    default: {
      const count = Math.floor((span.to - span.from) / span.step) + 1;
      const times = Array.from({ length: count }, (_, index) => span.from + index * span.step);
      const series = (await courses(queries, api, span)).map(({ legend, refId, values: points }) => {
        const byTime = new Map(
          points.map(([time, value]) => [Math.round((time - span.from) / span.step), Number(value)]),
        );
        return { legend, look: lookOf(each, refId), values: times.map((_, index) => byTime.get(index) ?? null) };
      });
      const { legend: shown } = each.options as { legend?: { placement?: string } };
      const legend = shown?.placement === 'right' ? 'right' : 'below';
      return { ...at, kind: 'lines', unit, legend, times, series, empty: series.length === 0 };
    }
  }
}

async function courses(
  queries: readonly PanelQuery[],
  api: PrometheusApi,
  { from, to, step }: Span,
): Promise<{ legend: string; refId: string; values: Series['values'] }[]> {
  const answers = await Promise.all(
    queries.map(async ({ expr, legend, refId }) => {
      const series = await api.course(expr, from, to, step);
      return series.map((one) => ({ legend: legendOf(legend, one), refId, values: one.values }));
    }),
  );
  return answers.flat();
}

interface StateSpan {
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

/** As Grafana does: what follows at once in the same colour is one span. */
function merged(spans: readonly StateSpan[]): StateSpan[] {
  const found: StateSpan[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last?.colour === span.colour && span.from - last.to < 1e-6) found[found.length - 1] = { ...last, to: span.to };
    else found.push(span);
  }
  return found;
}

/** What the panel says about the lines of one query. */
function lookOf(panel: Panel, refId: string): { colour: string; dash: readonly number[] } | null {
  const override = panel.fieldConfig?.overrides.find(({ matcher }) => matcher.options === refId);
  const valueOf = (id: string): unknown => override?.properties.find((property) => property.id === id)?.value;
  const colour = valueOf('color') as { fixedColor: string } | undefined;
  const style = valueOf('custom.lineStyle') as { dash: readonly number[] } | undefined;
  return colour === undefined ? null : { colour: colour.fixedColor, dash: style?.dash ?? [] };
}

interface Organised {
  readonly id: string;
  readonly options: { readonly renameByName?: Readonly<Record<string, string>> };
}

/** As Grafana's transformations merge the answers: a row for each set of labels, a column a query. */
function tableOf(panel: Panel, at: Pick<DrawnPanel, 'title' | 'place'>, answers: readonly Series[][]): DrawnPanel {
  const organised = ((panel.transformations ?? []) as Organised[]).find(({ id }) => id === 'organize');
  const names = Object.entries(organised?.options.renameByName ?? {});
  const labels = names.filter(([name]) => !name.startsWith('Value'));
  const columns = names.filter(([name]) => name.startsWith('Value'));
  const unitOf = (name: string): string => {
    const override = panel.fieldConfig?.overrides.find(({ matcher }) => matcher.options === name);
    return String(override?.properties.find(({ id }) => id === 'unit')?.value ?? 'short');
  };
  const rows = new Map<string, string[]>();
  answers.forEach((series, column) => {
    for (const { metric, values } of series) {
      const key = labels.map(([label]) => metric[label] ?? '');
      const row = rows.get(key.join('\n')) ?? [...key, ...columns.map(() => '')];
      row[labels.length + column] = format(Number(values[0]?.[1]), unitOf(columns[column]?.[1] ?? ''));
      rows.set(key.join('\n'), row);
    }
  });
  return { ...at, kind: 'table', rows: [names.map(([, name]) => name), ...rows.values()], empty: rows.size === 0 };
}

function legendOf(legend: string, { metric }: Series): string {
  return legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim();
}

function colourOf(panel: Panel, value: number): string | null {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  return steps.findLast((each) => each.value === null || value >= each.value)?.color ?? null;
}
