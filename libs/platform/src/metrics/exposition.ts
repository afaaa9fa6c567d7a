/** The media type of the Prometheus text format. */
export const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';
/** The media type of OpenMetrics. */
export const openMetricsText = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export interface Exposition {
  readonly type: string;
  readonly text: string;
}

/**
 * Metrics in the format that is asked for: OpenMetrics where the header `Accept` prefers it, else the Prometheus text format.
 * @param text in the Prometheus text format
 */
export function exposition(accept: string | undefined, text: string): Exposition {
  return prefersOpenMetrics(accept ?? '')
    ? { type: openMetricsText, text: toOpenMetrics(text) }
    : { type: prometheusText, text };
}

/**
 * The same metrics as OpenMetrics 1.0. Not by prom-client: it renames the counters of its registry for good when it writes this
 * format, so that who asks for the other one afterwards would miss them.
 */
export function toOpenMetrics(text: string): string {
  const families = text.replace(/^\n/gm, '').replace(/^# TYPE (\S+) counter$/gm, (line, name: string) =>
    // A family of counters is named without what its samples end in; other names it cannot have.
    name.endsWith('_total') ? `# TYPE ${name.slice(0, -'_total'.length)} counter` : line.replace('counter', 'unknown'),
  );
  const counters = new Set(Array.from(families.matchAll(/^# TYPE (\S+) counter$/gm), ([, name]) => `${name}_total`));
  const helped = families.replace(/^# HELP (\S+) (.*)$/gm, (_, name: string, help: string) => {
    const family = counters.has(name) ? name.slice(0, -'_total'.length) : name;
    return `# HELP ${family} ${help.replaceAll('"', '\\"')}`;
  });
  return `${helped.endsWith('\n') || helped === '' ? helped : `${helped}\n`}# EOF\n`;
}

function prefersOpenMetrics(accept: string): boolean {
  let [openMetrics, other] = [0, 0];
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const valueOf = (name: string): string | undefined =>
      parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
    const quality = Number(valueOf('q') ?? 1);
    if (!(quality > 0)) continue;
    if (type === 'application/openmetrics-text') {
      if ([undefined, '1.0.0'].includes(valueOf('version'))) openMetrics = Math.max(openMetrics, quality);
    } else if (['text/plain', 'text/*', '*/*'].includes(type)) other = Math.max(other, quality);
  }
  return openMetrics > 0 && openMetrics >= other;
}
