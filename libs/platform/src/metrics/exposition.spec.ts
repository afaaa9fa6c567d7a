import { describe, expect, it } from '@jest/globals';
import { exposition, openMetricsText, prometheusText } from './exposition.js';
import { Metrics } from './metrics.js';

const prometheus2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

describe('metrics in the format that is asked for', () => {
  it.each([
    [prometheus2, openMetricsText],
    [prometheus3, openMetricsText],
    ['Application/OpenMetrics-Text', openMetricsText],
    [undefined, prometheusText],
    ['', prometheusText],
    ['*/*', prometheusText],
    ['text/plain;version=0.0.4, application/openmetrics-text;q=0.5', prometheusText],
    ['application/openmetrics-text;q=0, */*', prometheusText],
    ['application/openmetrics-text; version=2.0.0', prometheusText],
    ['application/openmetrics-text;q=much', prometheusText],
    ['application/json', prometheusText],
  ])('%s', (accept, type) => {
    expect(exposition(accept, '').type).toBe(type);
  });

  it('names families of counters as OpenMetrics does, and ends by its mark', () => {
    const text = [
      '# HELP moola_events_total Events, as "JSON" or \\\\.',
      '# TYPE moola_events_total counter',
      'moola_events_total{a="b\\n# TYPE x counter"} 3',
      '',
      '# HELP moola_visits Not named as a counter is.',
      '# TYPE moola_visits counter',
      'moola_visits 1',
      '',
      '# HELP moola_seconds How long.',
      '# TYPE moola_seconds histogram',
      'moola_seconds_bucket{le="0.1"} 1',
      'moola_seconds_bucket{le="+Inf"} 2',
      'moola_seconds_sum 0.3',
      'moola_seconds_count 2',
      '',
    ].join('\n');
    expect(exposition(prometheus2, text).text.split('\n')).toEqual([
      '# HELP moola_events Events, as \\"JSON\\" or \\\\.',
      '# TYPE moola_events counter',
      'moola_events_total{a="b\\n# TYPE x counter"} 3',
      '# HELP moola_visits Not named as a counter is.',
      '# TYPE moola_visits unknown',
      'moola_visits 1',
      '# HELP moola_seconds How long.',
      '# TYPE moola_seconds histogram',
      'moola_seconds_bucket{le="0.1"} 1',
      'moola_seconds_bucket{le="+Inf"} 2',
      'moola_seconds_sum 0.3',
      'moola_seconds_count 2',
      '# EOF',
      '',
    ]);
    expect(exposition(prometheus2, '').text).toBe('# EOF\n');
  });

  it('leaves the one who asks for the other format what it was', async () => {
    const metrics = new Metrics('test');
    metrics.counter({ name: 'moola_things_total', help: 'Things.' }).inc();
    const read = () => metrics.registry.metrics();
    expect(exposition(prometheus2, await read()).text).toContain('# TYPE moola_things counter\n');
    const { text } = exposition(undefined, await read());
    expect(text).toContain('# TYPE moola_things_total counter\nmoola_things_total{service="test"} 1\n');
  });
});
