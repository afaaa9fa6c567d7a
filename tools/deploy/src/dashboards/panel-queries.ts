import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** Values of a dashboard's variables, as they stand in queries. */
export type VariableValues = Readonly<Record<string, string>>;

/** A query of a panel, its variables filled in. */
export interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
  readonly refId: string;
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
}

export function panelsOf(dashboard: Dashboard): Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => (panel.type === 'row' ? [] : [panel as Panel]));
}

export function queriesOf(panel: Panel, values: VariableValues = {}): PanelQuery[] {
  return ((panel.targets ?? []) as unknown as Target[]).map(({ refId, expr, legendFormat = '' }) => ({
    ...{ refId, expr: withVariables(expr, values), legend: legendFormat },
  }));
}

export function withVariables(text: string, values: VariableValues): string {
  return text.replace(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}

const keywords = new Set([
  'and',
  'or',
  'unless',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'offset',
]);

/** The names of metrics in an expression: what is no label, no function and no keyword. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b\d[\w.]*/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !keywords.has(name)))];
}
