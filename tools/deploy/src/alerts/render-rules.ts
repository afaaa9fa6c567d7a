import { stringify } from 'yaml';
import type { Alert, Case, FiringCase, RuleGroup } from './alert.js';

/** Where the runbook of an alert lies in the repository. */
export function runbookOf({ name, runbook = name }: Pick<Alert, 'name' | 'runbook'>): string {
  return `docs/runbooks/${runbook}.md`;
}

const written = { lineWidth: 0 };

/** A file of rules. */
export function renderRules({ name, comment, recordings, alerts }: RuleGroup): string {
  const rules = [
    ...recordings,
    ...alerts.map((alert) => ({
      alert: alert.name,
      expr: alert.expr,
      // Prometheus writes no "for" as 0s.
      ...(alert.for !== '0s' && { for: alert.for }),
      labels: { severity: alert.severity },
      annotations: annotationsOf(alert),
    })),
  ];
  const head = `# ${comment}\n# Generated: node tools/deploy/dist/generate.js. Sources: tools/deploy/src/alerts.\n`;
  return head + stringify({ groups: [{ name, rules }] }, written);
}

/** The cases of a group's alerts, for `promtool test rules`. @param rules path of the file with the rules */
export function renderRuleTests({ alerts }: RuleGroup, rules: string): string {
  const tests = alerts.flatMap((alert) => [
    test(alert, 'fires', alert.fires, expected(alert, alert.fires)),
    test(alert, 'does not fire', alert.quiet, []),
    ...(alert.cases ?? []).map((each) => test(alert, each.name, each, expected(alert, each))),
  ]);
  return stringify({ rule_files: [rules], evaluation_interval: '15s', tests }, written);
}

function test(alert: Alert, what: string, { series, at }: Case, alerts: readonly object[]): object {
  return {
    name: `${alert.name} ${what}`,
    interval: '15s',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert.name, exp_alerts: alerts }],
  };
}

function expected(alert: Alert, { alerts, value = '' }: FiringCase): object[] {
  return alerts.map((labels) => {
    const filled = (text: string): string =>
      text
        // What is said only of alerts that have a label.
        .replace(/\{\{ with \$labels\.(\w+) \}\}(.*?)\{\{ end \}\}/g, (_, label: string, told: string) =>
          labels[label] === undefined ? '' : told.replace('{{ . }}', labels[label]),
        )
        .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? `(no label ${label})`)
        .replace(/\{\{ \$value[^}]*\}\}/g, value);
    const annotations = Object.entries(annotationsOf(alert)).map(([name, text]) => [name, filled(text)]);
    return {
      exp_labels: { ...labels, severity: alert.severity },
      exp_annotations: Object.fromEntries(annotations) as object,
    };
  });
}

function annotationsOf(alert: Alert): Readonly<Record<string, string>> {
  const { summary, description } = alert;
  return { summary, description, runbook_url: runbookOf(alert) };
}
