import { modelFamilies } from '@moola/console/model-metrics/model-metrics';

/**
 * The gauges that every console answers with, by name, and their labels. Several consoles say the same, and Prometheus keeps a
 * series of each: what adds them up must take each once. Those of models are what the console exposes: a new one is here by itself.
 */
export const consoleMetrics: ReadonlyMap<string, readonly string[]> = new Map([
  ...modelFamilies([], 0).map(({ name, labels }): [string, readonly string[]] => [name, labels]),
  ...Object.entries({
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
