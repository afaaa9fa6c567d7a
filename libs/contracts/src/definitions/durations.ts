const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const almost = /^[-+]?\s*(\d+(?:[.,]\d+)?)\s*(millis|ms|sec|s|min|mo|m|h|d|w)?/i;

/** A hundred years. */
const mostMs = 36_500 * unitMs.d;

/** @returns milliseconds of `5m`, `30s`, `1.5h`, `250ms`, `1d`, up to a hundred years; `null` for anything else. */
export function parseDuration(text: string): number | null {
  const match = duration.exec(text);
  if (!match) return null;
  const ms = Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
  return ms <= mostMs ? ms : null;
}

/** The duration as it would be written: in the largest unit that divides it. */
export function formatDuration(ms: number): string {
  const units = Object.entries(unitMs).reverse();
  const [unit, length] = units.find(([, each]) => ms !== 0 && ms % each === 0) ?? (ms === 0 ? ['s', 1000] : ['ms', 1]);
  return `${ms / length}${unit}`;
}

/** What somebody who wrote `5 minuts` or `300` may have meant. */
export function nearestDuration(input: unknown): string {
  const text = String(input).trim();
  const match = almost.exec(text);
  if (!match) return '5m';
  if (duration.test(text) && parseDuration(text) === null) return formatDuration(mostMs);
  const count = (match[1] as string).replace(',', '.');
  switch (match[2]?.toLowerCase()) {
    case 'millis':
    case 'ms':
      return `${count}ms`;
    case 'min':
    case 'm':
      return `${count}m`;
    case 'h':
      return `${count}h`;
    case 'd':
      return `${count}d`;
    case 'w':
      return `${Number(count) * 7}d`;
    case 'mo':
      return `${Number(count) * 30}d`;
    default:
      return `${count}s`;
  }
}
