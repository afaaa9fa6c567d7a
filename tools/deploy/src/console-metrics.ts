import { exposedMetrics } from '@moola/metrics/exposed-metrics';

const model = ['environment', 'model'];
const version = [...model, 'version', 'role'];

/**
 * The gauges that every console answers with, by name, and their labels. Several consoles say the same, and Prometheus keeps a
 * series of each: what adds them up must take each once.
 */
export const consoleMetrics: ReadonlyMap<string, readonly string[]> = new Map([
  ...exposedMetrics.flatMap(({ name, limit, bounds }): [string, string[]][] => [
    ...[name, ...(bounds === null ? [] : [bounds.lower, bounds.upper])].map((each): [string, string[]] => [
      each,
      [...version, 'window'],
    ]),
    [limit, version],
  ]),
  ...Object.entries({
    moola_model_version_info: [...version, 'build', 'declared'],
    moola_model_budget_window_info: [...version, 'window'],
    moola_model_budget_state: [...version, 'state'],
    moola_model_budget_line_out: [...version, 'metric', 'gate'],
    moola_model_known_good: version,
    moola_model_alert_pending: [...version, 'rule', 'severity'],
    moola_model_alert_firing: [...version, 'rule', 'severity'],
    moola_model_projected_revenue_usd_per_second: version,
    moola_model_earned_revenue_usd: version,
    moola_model_efficiency_ratio: version,
    moola_model_loss_usd_per_second: version,
    moola_model_protected_usd: model,
    moola_model_incidents_open: model,
    moola_model_metrics_ready: ['environment'],
    moola_model_metrics_versions: ['environment'],
    moola_model_metrics_versions_left_out: ['environment'],
    moola_incidents_open: ['environment', 'severity'],
    moola_console_lag_records: ['environment'],
    moola_console_clock_delay_seconds: ['environment'],
    moola_console_stale: ['environment'],
  }),
]);

/**
 * A gauge of the console, each of its series once however many consoles are scraped.
 *
 * @param selector `moola_incidents_open{severity="critical"}`
 * @throws when no console has it
 */
export function once(selector: string): string {
  const [name = ''] = /^\w+/.exec(selector) ?? [];
  const labels = consoleMetrics.get(name);
  if (labels === undefined) throw new Error(`the console has no metric ${name}`);
  return `max by (${labels.join(', ')}) (${selector})`;
}

/** Gauges of the console in an expression that are not at once reduced to one series for all consoles. */
export function notOnce(expr: string): string[] {
  return [...expr.matchAll(/(?<![\w:])moola_\w+(?![\w:])/g)].flatMap(({ 0: name, index }) => {
    if (!consoleMetrics.has(name)) return [];
    const before = expr.slice(0, index);
    const reduced = /\b(?:max|absent|present_over_time)(?: by \(([^)]*)\) )?\($/.exec(before);
    return reduced !== null && !/\b(instance|pod)\b/.test(reduced[1] ?? '') ? [] : [name];
  });
}
