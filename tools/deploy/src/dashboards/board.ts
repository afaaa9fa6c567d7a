import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { datasource } from './panels.js';

/** A variable of a dashboard: its values are those of a label. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `label_values(moola_ready, job)` */
  readonly values: string;
  /** `several`: any number of them, all at first. `one`: the first. */
  readonly choice: 'one' | 'several';
}

export interface Board {
  /** The name of its file, and of its address: `moola-<name>`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  /** By the heading of their row. */
  readonly rows: Readonly<Record<string, readonly Builder<Panel>[]>>;
}

export const environment: Variable = {
  name: 'environment',
  label: 'Environment',
  values: 'label_values(moola_model_metrics_ready, environment)',
  choice: 'several',
};

/** The dashboard as Grafana reads it (schema v1). */
export function dashboardOf({ name, title, description, variables, rows }: Board): Dashboard {
  const dashboard = new DashboardBuilder(`Moola: ${title}`)
    .uid(`moola-${name}`)
    .description(description)
    .tags(['moola'])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .readonly()
    .link(
      new DashboardLinkBuilder('Moola')
        .type(DashboardLinkType.Dashboards)
        .tags(['moola'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const { name: variable, label, values, choice } of variables) {
    const builder = new QueryVariableBuilder(variable)
      .label(label)
      .datasource(datasource)
      .query({ query: values, refId: variable })
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(choice === 'several')
      .includeAll(choice === 'several');
    if (choice === 'several') builder.allValue('.*').current({ text: ['All'], value: ['$__all'] });
    dashboard.withVariable(builder);
  }
  for (const [heading, panels] of Object.entries(rows)) {
    // Panels stand after their row, not in it: a row that is open holds none (grafana-foundation-sdk#504).
    dashboard.withRow(new RowBuilder(heading));
    for (const panel of panels) dashboard.withPanel(panel);
  }
  return numbered(dashboard.build());
}

/** Grafana keeps panels apart by their number, which must not change when another one is added: 0 is none. */
function numbered(dashboard: Dashboard): Dashboard {
  dashboard.panels?.forEach((panel, index) => (panel.id = index + 1));
  return dashboard;
}
