import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startBrowser } from '@moola/console/testing/browser';
import { dashboardOf } from '../dashboards/board.js';
import { boards } from '../dashboards/dashboards.js';
import type { VariableValues } from '../dashboards/panel-queries.js';
import type { PrometheusApi } from '../testing/prometheus.js';
import { answeredPanels, type Span } from './answered-panels.js';
import { format } from './format.js';
import { pageOf } from './page.js';

/** Draws each dashboard from the answers to its queries: `<folder>/<name>.png`. Grafana itself cannot be had in CI. */
export async function drawBoards(
  api: PrometheusApi,
  values: VariableValues,
  span: Span,
  folder: string,
): Promise<string[]> {
  const require = createRequire(import.meta.url);
  const uplot = {
    script: `${readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8')};globalThis.format = ${format.toString()};`,
    style: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
  };
  const browser = await startBrowser();
  try {
    const files: string[] = [];
    for (const board of boards) {
      const panels = await answeredPanels(dashboardOf(board), values, api, span);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.setContent(pageOf(board.title, panels, uplot));
      const file = join(folder, `${board.name}.png`);
      await page.screenshot({ path: file, fullPage: true });
      await page.close();
      files.push(file);
    }
    return files;
  } finally {
    await browser.close();
  }
}
