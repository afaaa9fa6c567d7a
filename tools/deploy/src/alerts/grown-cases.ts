import type { FiringCase, NamedCase, Series } from './alert.js';
import type { Span } from './grown.js';

/** Minutes after which a sample counts no more, of Prometheus (`--query.lookback-delta`), and 10 of a gap. */
const minutes = { gap: 10, before: 5, lookback: 5 };
const perMinute = 4;

/** A process that starts when the case begins. */
export function startsNow(job: string): Series {
  return { [`process_start_time_seconds{job="${job}"}`]: '0x200' };
}

/**
 * Cases of an alert on `grown`: what a process counted long ago is not told again after a gap or by other labels; the first event
 * of a process that has long been scraped is told, and so is one of a process that has just started.
 *
 * @param counter a series of the counter, with its job
 */
export function grownCases(counter: string, job: string, span: Span, alerts: FiringCase['alerts']): NamedCase[] {
  const process = `process_start_time_seconds{job="${job}"}`;
  const spanMinutes = Number.parseInt(span);
  const samples = (count: number): number => count * perMinute;
  const withGap = (value: string): string =>
    `${value}x${samples(minutes.before)} _x${samples(minutes.gap)} ${value}x200`;
  const old = '-100000';
  // When the beginning of the span is in the gap, and what was before it is forgotten.
  const afterGap = minutes.before + minutes.lookback + 2 + spanMinutes;
  return [
    {
      name: 'does not tell again what was counted before a gap of Prometheus',
      series: { [counter]: withGap('3'), [process]: withGap(old) },
      at: `${afterGap}m`,
      alerts: [],
    },
    {
      name: 'does not tell what was counted before Prometheus knew the process by these labels',
      series: { [counter]: '3x40', [process]: `${old}x40` },
      at: '3m',
      alerts: [],
    },
    {
      name: 'tells the first event of a process that has long been scraped',
      series: { [counter]: `_x${samples(40)} 1x200`, [process]: `${old}x300` },
      at: '42m',
      alerts,
    },
    {
      name: 'tells the first event of a process that has just started',
      series: { [counter]: `_x${samples(40)} 1x200`, [process]: `_x${samples(40)} ${40 * 60}x200` },
      at: '42m',
      alerts,
    },
  ];
}
