import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ruleGroups } from './alerts/rule-groups.js';
import { consoleMetrics, notOnce, once } from './console-metrics.js';
import { dashboardOf } from './dashboards/board.js';
import { boards } from './dashboards/dashboards.js';
import { panelsOf, queriesOf } from './dashboards/panel-queries.js';

const documents = fileURLToPath(new URL('../../../docs/metrics.md', import.meta.url));

describe('the gauges that every console answers with', () => {
  it('are those of docs/metrics.md, with their labels', () => {
    const kindOf = (name: string): string => name.split('_').slice(0, 2).join('_');
    const kinds = new Set([...consoleMetrics.keys()].map(kindOf));
    const documented = readFileSync(documents, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, name = '', labels = ''] = /^\| `(moola_\w+)`\s*\|([^|]*)\|/.exec(line) ?? [];
        return kinds.has(kindOf(name)) ? [`${name}: ${labels.trim()}`] : [];
      });
    expect(documented.length).toBeGreaterThan(50);
    expect([...consoleMetrics].map(([name, labels]) => `${name}: ${labels.join(', ')}`).sort()).toEqual(
      documented.sort(),
    );
  });

  it('have no label that Prometheus sets itself', () => {
    const taken = [...consoleMetrics].filter(([, labels]) => labels.some((label) => /^(job|instance)$/.test(label)));
    expect(taken.map(([name]) => name)).toEqual([]);
  });

  it('are taken once by every rule and every query of a dashboard, however many consoles are scraped', () => {
    const rules = ruleGroups.flatMap(({ alerts, recordings }) => [...alerts, ...recordings].map(({ expr }) => expr));
    const queries = boards.flatMap((board) =>
      panelsOf(dashboardOf(board)).flatMap((panel) => queriesOf(panel).map(({ expr }) => expr)),
    );
    const all = [...rules, ...queries];
    expect(all.filter((expr) => /moola_model_|moola_incidents_open/.test(expr)).length).toBeGreaterThan(50);
    expect(all.flatMap((expr) => notOnce(expr).map((name) => ({ name, expr })))).toEqual([]);
  });

  it('are found where they are not taken once', () => {
    expect(once('moola_incidents_open{severity="info"}')).toBe(
      'max by (environment, severity) (moola_incidents_open{severity="info"})',
    );
    for (const wrong of [
      'sum(moola_incidents_open)',
      'sum by (severity) (moola_incidents_open{environment=~".*"})',
      'moola_incidents_open * 60',
      'max by (environment, instance) (moola_incidents_open)',
      'max by (environment) (rate(moola_incidents_open[5m]))',
    ])
      expect([wrong, notOnce(wrong)]).toEqual([wrong, ['moola_incidents_open']]);
    const right = [
      'sum(max by (environment, severity) (moola_incidents_open)) or sum(moola_ready)',
      'sum(environment_severity:moola_incidents_open:max)',
    ];
    expect(right.flatMap(notOnce)).toEqual([]);
    expect(() => once('moola_ready')).toThrow('the console has no metric moola_ready');
  });
});
