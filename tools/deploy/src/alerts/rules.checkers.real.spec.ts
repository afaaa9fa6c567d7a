import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '@moola/testbed/command';
import { checkerProgram } from '@moola/testbed/checkers';
import { stringify } from 'yaml';
import { exposedMetrics } from '@moola/metrics/exposed-metrics';
import { consoleMetrics, once } from '../console-metrics.js';
import { alertsOfFile } from './from-rule/alerts-of-file.js';
import { budgetFigure } from './models/recordings.js';
import { renderRunbookIndex } from './render-runbook-index.js';
import { renderRules, renderRuleTests, runbookOf } from './render-rules.js';
import { ruleGroups } from './rule-groups.js';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(repository, 'deploy/prometheus/rules');
const alerts = ruleGroups.flatMap((group) => group.alerts);

describe('the rules of Prometheus', () => {
  let work: string;
  let promtool: string;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'moola-rules-'));
    promtool = await checkerProgram('promtool');
  }, 600_000);
  afterAll(() => rm(work, { recursive: true, force: true }));

  it('are what their sources say (node tools/deploy/dist/generate.js writes them)', () => {
    expect(readdirSync(folder).sort()).toEqual(ruleGroups.map(({ name }) => `${name}.yml`).sort());
    for (const group of ruleGroups) {
      expect(readFileSync(join(folder, `${group.name}.yml`), 'utf8')).toBe(renderRules(group));
    }
  });

  it.each(ruleGroups.map((group) => [group.name, group] as const))('%s: promtool finds nothing wrong', async (name) => {
    const checked = await runCommand(promtool, ['check', 'rules', join(folder, `${name}.yml`)]);
    expect(checked.output).toContain('SUCCESS');
    expect(checked.code).toBe(0);
  });

  it.each(ruleGroups.flatMap((group) => group.alerts.map((alert) => [alert.name, group, alert] as const)))(
    '%s fires when it must, with its labels and text, and does not when it must not',
    async (name, group, alert) => {
      const file = join(work, `${name}.yml`);
      await writeFile(file, renderRuleTests({ ...group, alerts: [alert] }, join(folder, `${group.name}.yml`)));
      const { code, output } = await runCommand(promtool, ['test', 'rules', file]);
      expect([output, code]).toEqual([expect.stringContaining('SUCCESS'), 0]);
    },
  );

  it('take what two consoles say once: figures over the window of the budget, and sums', async () => {
    const of = { environment: 'live', model: 'churn', version: 'v7', role: 'primary', window: '30m' };
    const labelled = (labels: Readonly<Record<string, string>>): string =>
      `{${Object.entries(labels)
        .map(([label, value]) => `${label}="${value}"`)
        .join(', ')}}`;
    const consoles = ['a', 'b'].map((instance) => ({ job: 'moola-models', instance }));
    const values = new Map(exposedMetrics.map(({ name }, index) => [name, index + 1]));
    const summed = [...consoleMetrics].filter(([, labels]) => !labels.includes('window'));
    const series = consoles.flatMap((where) => [
      { series: `moola_model_budget_window_info${labelled({ ...of, ...where })}`, values: '1x20' },
      ...[...values].map(([name, value]) => ({ series: name + labelled({ ...of, ...where }), values: `${value}x20` })),
      // A window that is not the budget's.
      ...[...values].map(([name]) => ({
        series: name + labelled({ ...of, window: '1h', ...where }),
        values: '99x20',
      })),
      ...summed.flatMap(([name, labels]) =>
        ['x', 'y'].map((value) => {
          const all = Object.fromEntries(labels.map((label) => [label, value]));
          return { series: name + labelled({ ...all, ...where }), values: '5x20' };
        }),
      ),
    ]);
    const exp = (expr: string, labels: string, value: number) => ({
      ...{ expr, eval_time: '3m', exp_samples: [{ labels, value }] },
    });
    const tests = {
      ...{ rule_files: ruleGroups.map(({ name }) => join(folder, `${name}.yml`)), evaluation_interval: '15s' },
      tests: [
        {
          ...{ interval: '15s', input_series: series },
          promql_expr_test: [
            ...[...values].map(([name, value]) => exp(budgetFigure(name), budgetFigure(name) + labelled(of), value)),
            ...summed.map(([name]) => exp(`sum(${once(name)})`, '{}', 10)),
          ],
        },
      ],
    };
    const file = join(work, 'two-consoles.yml');
    await writeFile(file, stringify(tests));
    const { code, output } = await runCommand(promtool, ['test', 'rules', file]);
    expect([output, code]).toEqual([expect.stringContaining('SUCCESS'), 0]);
  });

  it('have an alert for each level of a rule with levels, at its limit and after its time', async () => {
    const text = {
      summary: 'Answers of {{ $labels.model }} come late.',
      wrong: [
        { value: 0.1, written: '100ms' },
        { value: 0.5, written: '500ms' },
        { value: 2, written: '2s' },
      ],
      right: 0.05,
    };
    const group = {
      ...{ name: 'levels', comment: 'One rule.', recordings: [] },
      alerts: alertsOfFile('examples/alerts/levels.yaml', { LatencyRises: text }),
    };
    const selector = '{environment="live", role="primary", window="3m"}';
    const figure = once(`moola_model_latency_p95_seconds${selector}`);
    const written = group.alerts.map((alert) => [alert.name, alert.severity, alert.for, alert.expr.split('\n')[0]]);
    expect(written).toEqual([
      ['LatencyRisesWarning', 'warning', '3m', `${figure} > 0.05`],
      ['LatencyRisesCritical', 'critical', '2m', `${figure} > 0.2`],
      ['LatencyRisesEmergency', 'critical', '1m', `${figure} > 1`],
    ]);
    expect(group.alerts.map(runbookOf)).toEqual(Array.from(written, () => 'docs/runbooks/LatencyRises.md'));
    const [rules, tests] = [join(work, 'levels.yml'), join(work, 'levels-tests.yml')];
    await writeFile(rules, renderRules(group));
    await writeFile(tests, renderRuleTests(group, rules));
    const { code, output } = await runCommand(promtool, ['test', 'rules', tests]);
    expect([output, code]).toEqual([expect.stringContaining('SUCCESS'), 0]);
    const few = { LatencyRises: { ...text, wrong: text.wrong.slice(1) } };
    expect(() => alertsOfFile('examples/alerts/levels.yaml', few)).toThrow(
      'LatencyRises has 3 limits, and 2 figures that break them',
    );
  });

  it('cannot pass a case that does not hold', async () => {
    for (const group of ruleGroups) {
      for (const alert of group.alerts) {
        // Its rule alone: promtool evaluates all of a file for each case.
        const [rules, file] = ['rules', 'tests'].map((what) => join(work, `swapped-${alert.name}-${what}.yml`)) as [
          string,
          string,
        ];
        await writeFile(rules, renderRules({ ...group, alerts: [alert] }));
        const swapped = { ...alert, fires: { ...alert.fires, ...alert.quiet }, cases: [] };
        await writeFile(file, renderRuleTests({ ...group, alerts: [swapped] }, rules));
        const { code, output } = await runCommand(promtool, ['test', 'rules', file]);
        expect([alert.name, code]).toEqual([alert.name, 1]);
        expect(output).toContain('FAILED');
      }
    }
  });

  it('have a runbook each, and no runbook is of none', () => {
    for (const alert of alerts) {
      expect([runbookOf(alert), existsSync(join(repository, runbookOf(alert)))]).toEqual([runbookOf(alert), true]);
      const text = readFileSync(join(repository, runbookOf(alert)), 'utf8');
      expect(text.startsWith(`# ${basename(runbookOf(alert), '.md')}\n`)).toBe(true);
      for (const heading of ['What it means', 'What users feel', 'First look', 'Causes', 'What to do'])
        expect([alert.name, text.includes(`\n## ${heading}\n`)]).toEqual([alert.name, true]);
    }
    const files = readdirSync(join(repository, 'docs/runbooks')).filter((name) => name !== 'README.md');
    expect(files.sort()).toEqual([...new Set(alerts.map((alert) => basename(runbookOf(alert))))].sort());
  });

  it('are listed in docs/runbooks/README.md', () => {
    const index = readFileSync(join(repository, 'docs/runbooks/README.md'), 'utf8');
    expect(index).toBe(renderRunbookIndex(ruleGroups));
  });

  it('have names of their own', () => {
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  });
});
