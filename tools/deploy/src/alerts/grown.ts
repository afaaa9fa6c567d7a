/** Spans of `countedWithin`, in seconds. */
const seconds = { '10m': 600, '15m': 900, '1h': 3600, '24h': 86_400 } as const;

export type Span = keyof typeof seconds;

/**
 * How much a counter has grown within a span. `increase` alone misses the first event of a series, which appears with it; so
 * of a series that was not there at the span's beginning all counts, where all of it is of the span: its process was scraped
 * then and had no such series, or has started since. What a process had counted before Prometheus saw it (after a gap, by other
 * labels, in a new Prometheus) does not count.
 *
 * @param selector `moola_actions_total{outcome="failed"}`
 * @param by labels that are kept
 */
export function countedWithin(selector: string, span: Span, by: readonly string[]): string {
  const known = `process_start_time_seconds offset ${span} or time() - process_start_time_seconds < ${seconds[span]}`;
  const first = `(${selector} unless ${selector} offset ${span}) and on (job, instance) (${known})`;
  return `sum by (${by.join(', ')}) (${first} or increase(${selector}[${span}]))`;
}

/** Whether it has grown at all: for alerts. */
export function grown(selector: string, span: Span, by: readonly string[]): string {
  return `${countedWithin(selector, span, by)} > 0`;
}

/** A zero under `none` while there is no series: so that a chart of what goes wrong is not empty while nothing does. */
export function orNone(expr: string, label: string): string {
  return `${expr} or on () label_replace(vector(0), "${label}", "none", "", "")`;
}
