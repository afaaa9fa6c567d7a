import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DataSourceRef,
  type Panel,
  type Threshold,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The Prometheus that the viewer chose. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

export interface Query {
  readonly expr: string;
  /** Grafana's legend: `{{version}}`. */
  readonly legend: string;
  /** A limit is dashed and red, the ends of an interval are dotted and grey: the figure itself stands out. */
  readonly as?: 'limit' | 'bound';
}

export interface PanelText {
  readonly title: string;
  /** What it says and when to worry; shown by the panel's ⓘ. */
  readonly description: string;
  /** Of Grafana: `percentunit`, `s`, `currencyUSD`, `short`. */
  readonly unit: string;
  /** Columns out of 24. */
  readonly span: number;
}

const lineHeight = 8;
const statHeight = 4;

/**
 * Lines over time.
 * @param legend below the lines; or right of them with the last values, the largest first, where there are many
 */
export function lines(text: PanelText, queries: readonly Query[], legend: 'below' | 'right' = 'below'): Builder<Panel> {
  const panel = new TimeSeriesBuilder()
    .height(lineHeight)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(5)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .axisSoftMin(0)
    .legend(legends[legend]())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  queries.forEach(({ as }, index) => {
    if (as !== undefined) panel.overrideByQuery(refId(index), [...looks[as]]);
  });
  return filled(panel, text, queries, (query) => query.range());
}

const legends = {
  below: () =>
    new VizLegendOptionsBuilder()
      .displayMode(LegendDisplayMode.List)
      .placement(LegendPlacement.Bottom)
      .showLegend(true)
      .calcs([]),
  right: () =>
    new VizLegendOptionsBuilder()
      .displayMode(LegendDisplayMode.Table)
      .placement(LegendPlacement.Right)
      .showLegend(true)
      .calcs(['lastNotNull'])
      .sortBy('Last *')
      .sortDesc(true),
};

const look = (color: string, fill: 'dash' | 'dot', pattern: readonly number[]) => [
  { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } },
  { id: 'custom.lineStyle', value: { fill, dash: pattern } },
  { id: 'custom.fillOpacity', value: 0 },
];
const looks = { limit: look('red', 'dash', [8, 6]), bound: look('gray', 'dot', [2, 4]) } as const;

/** One number, now, with its course behind it. @param worst the colours from a value on; default: no colour */
export function stat(text: PanelText, query: Query, thresholds: readonly Threshold[] = []): Builder<Panel> {
  const panel = new StatBuilder()
    .height(statHeight)
    .noValue('–')
    .graphMode(BigValueGraphMode.Area)
    .colorMode(thresholds.length > 0 ? BigValueColorMode.Value : BigValueColorMode.None)
    .textMode(BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
  if (thresholds.length > 0) colour(panel, thresholds);
  return filled(panel, text, [query], (each) => each.range());
}

/** The names of series that are there now. */
export function names(text: PanelText, query: Query): Builder<Panel> {
  const panel = new StatBuilder()
    .height(statHeight)
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.None)
    .textMode(BigValueTextMode.Name)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
  return filled(panel, text, [query], (each) => each.instant());
}

/** States over time, a row a series: 0 is well. */
export function states(text: PanelText, queries: readonly Query[]): Builder<Panel> {
  const panel = new StateTimelineBuilder().height(lineHeight).showValue(VisibilityMode.Never).mergeValues(true);
  colour(panel, bad);
  return filled(panel, text, queries, (query) => query.range());
}

export interface Column {
  readonly name: string;
  readonly unit: string;
  readonly decimals?: number;
}

/** A table with a row for each set of labels, and a column a query. @param labels columns of labels, in order */
export function table(
  text: PanelText,
  labels: Readonly<Record<string, string>>,
  columns: readonly (Query & Column)[],
): Builder<Panel> {
  const refs = columns.map((_, index) => refId(index));
  const valueOf = (index: number): string => (columns.length === 1 ? 'Value' : `Value #${refs[index]}`);
  const shown = [...Object.keys(labels), ...columns.map((_, index) => valueOf(index))];
  const panel = new TableBuilder()
    .height(lineHeight)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { names: shown } },
    })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(shown.map((name, index) => [name, index])),
        renameByName: {
          ...labels,
          ...Object.fromEntries(columns.map(({ name }, index) => [valueOf(index), name])),
        },
      },
    });
  for (const { name, unit, decimals } of columns) {
    panel.overrideByName(name, [
      { id: 'unit', value: unit },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ]);
  }
  return filled(panel, text, columns, (query) => query.instant().format(PromQueryFormat.Table));
}

/** Green at 0, red from 1 on. */
export const bad: readonly Threshold[] = [step('green', null), step('red', 1)];

export function step(color: string, from: number | null): Threshold {
  return { color, value: from };
}

interface Fillable extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(source: DataSourceRef): this;
  unit(unit: string): this;
  span(columns: number): this;
  withTarget(target: Builder<object>): this;
}

function filled<B extends Fillable>(
  panel: B,
  { title, description, unit, span }: PanelText,
  queries: readonly Query[],
  as: (query: DataqueryBuilder) => DataqueryBuilder,
): B {
  panel.title(title).description(description).datasource(datasource).unit(unit).span(span);
  queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder().refId(refId(index)).datasource(datasource).expr(expr).legendFormat(legend);
    panel.withTarget(as(query));
  });
  return panel;
}

function colour(
  panel: { thresholds(config: ThresholdsConfigBuilder): unknown; colorScheme(color: FieldColorBuilder): unknown },
  thresholds: readonly Threshold[],
): void {
  panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...thresholds]));
  panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
