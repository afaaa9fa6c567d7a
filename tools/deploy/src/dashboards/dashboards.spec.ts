import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { exposedMetrics, exposedSubjectMetrics } from '@moola/metrics/exposed-metrics';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardOf } from './board.js';
import { boards } from './dashboards.js';
import { model } from './model.js';
import { metricsIn, panelsOf, queriesOf } from './panel-queries.js';
import { renderDashboard } from './render-dashboard.js';
import { training } from './training.js';

const folder = fileURLToPath(new URL('../../../../deploy/grafana/dashboards/', import.meta.url));

describe('the dashboards', () => {
  it('are what their sources say (node tools/deploy/dist/generate.js writes them)', () => {
    expect(readdirSync(folder).sort()).toEqual(boards.map(({ name }) => `${name}.json`).sort());
    for (const board of boards)
      expect(readFileSync(join(folder, `${board.name}.json`), 'utf8')).toBe(renderDashboard(board));
  });

  it.each(boards.map((board) => [board.name, board] as const))('%s: is one that Grafana can load', (name, board) => {
    const dashboard = dashboardOf(board);
    // Schema v1: Grafana 11 and 12 read it as it is, Grafana 13 migrates it.
    expect(dashboard).toMatchObject({ uid: `moola-${name}`, schemaVersion: expect.any(Number) as unknown });
    expect(dashboard.uid?.length).toBeLessThanOrEqual(40);
    const panels = dashboard.panels ?? [];
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(0);
    const cells = new Set<string>();
    for (const panel of panels) {
      const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      expect([panel.title, w > 0 && h > 0 && x + w <= 24]).toEqual([panel.title, true]);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect([panel.title, cells.has(`${column}/${row}`)]).toEqual([panel.title, false]);
          cells.add(`${column}/${row}`);
        }
      }
    }
  });

  it('are read for the metrics that they name', () => {
    const expr =
      'sum by (job, le) (rate(a_bucket{x="no(metric)"}[5m])) and on (job) (b:c:d offset 1h > bool 0.5e3) or vector(0) * d{y!~"e"}';
    expect(metricsIn(expr)).toEqual(['a_bucket', 'b:c:d', 'd']);
  });

  it('show every metric of the catalogue for one model', () => {
    const shown = new Set(
      panelsOf(dashboardOf(model)).flatMap((panel) => queriesOf(panel).flatMap(({ expr }) => metricsIn(expr))),
    );
    const counts = ['predictions', 'positives'];
    const missing = exposedMetrics.filter(({ name, metric }) => !shown.has(name) && !counts.includes(metric.name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('show every metric of training jobs and instances', () => {
    const shown = panelsOf(dashboardOf(training)).flatMap((panel) => queriesOf(panel).map(({ expr }) => expr));
    const missing = exposedSubjectMetrics.filter(({ name }) => !shown.flatMap(metricsIn).includes(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    expect(shown.length).toBeGreaterThan(exposedSubjectMetrics.length);
  });

  it('say of each panel what it shows, and ask the Prometheus that the viewer chose', () => {
    for (const board of boards) {
      for (const panel of dashboardOf(board).panels ?? []) {
        if (panel.type === 'row') continue;
        const { title, description, targets, datasource, fieldConfig } = panel as Panel & {
          targets?: { expr: string; refId: string }[];
        };
        expect([title, (description ?? '').length > 0, fieldConfig?.defaults.unit !== undefined]).toEqual([
          title,
          true,
          true,
        ]);
        expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
        expect(targets?.length).toBeGreaterThan(0);
        for (const { expr } of targets ?? []) expect(expr).not.toMatch(/undefined|NaN/);
      }
    }
  });
});
