/**
 * How much a counter has grown within a span. `increase` alone misses the first event of a series, which appears with it; so
 * of a series that was not there at the span's beginning all counts. (A Prometheus that has just been set up tells of what was
 * counted before, once.)
 *
 * @param selector `moola_actions_total{outcome="failed"}`
 * @param span `10m`
 * @param by labels that are kept
 */
export function countedWithin(selector: string, span: string, by: readonly string[]): string {
  return `sum by (${by.join(', ')}) ((${selector} unless ${selector} offset ${span}) or increase(${selector}[${span}]))`;
}

/** Whether it has grown at all: for alerts. */
export function grown(selector: string, span: string, by: readonly string[]): string {
  return `${countedWithin(selector, span, by)} > 0`;
}

/** A zero under `none` while there is no series: so that a chart of what goes wrong is not empty while nothing does. */
export function orNone(expr: string, label: string): string {
  return `${expr} or on () label_replace(vector(0), "${label}", "none", "", "")`;
}
