/**
 * Whether a counter has grown within a span. `increase` alone misses the first event of a series, which appears with it; so a
 * series that was not there at the span's beginning counts as a whole. (A Prometheus that has just been set up tells of what
 * was counted before, once.)
 *
 * @param selector `moola_actions_total{outcome="failed"}`
 * @param span `10m`
 * @param by labels that are kept
 */
export function grown(selector: string, span: string, by: readonly string[]): string {
  const appeared = `${selector} unless ${selector} offset ${span}`;
  return `sum by (${by.join(', ')}) (increase(${selector}[${span}]) > 0 or (${appeared})) > 0`;
}
