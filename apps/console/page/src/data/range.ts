import { useState } from 'preact/hooks';

const hourMs = 3_600_000;

/** How far back a chart reaches. `live`: what the console holds in memory; all others are read from history. */
export const ranges = [
  { name: 'live', label: 'Live', lengthMs: 0 },
  { name: '1h', label: '1 h', lengthMs: hourMs },
  { name: '6h', label: '6 h', lengthMs: 6 * hourMs },
  { name: '24h', label: '24 h', lengthMs: 24 * hourMs },
  { name: '7d', label: '7 d', lengthMs: 7 * 24 * hourMs },
  { name: '30d', label: '30 d', lengthMs: 30 * 24 * hourMs },
  { name: 'all', label: 'All', lengthMs: Infinity },
] as const;

export type Range = (typeof ranges)[number];

/** The range that an address names; what it does not know is live. */
export function rangeIn(search: string): Range {
  const named = new URLSearchParams(search).get('range');
  return ranges.find(({ name }) => name === named) ?? ranges[0];
}

/** An address with a range in it, and everything else as it was. */
export function searchWith(search: string, { name }: Range): string {
  const parameters = new URLSearchParams(search);
  if (name === 'live') parameters.delete('range');
  else parameters.set('range', name);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** The range, which stands in the address: a link shows the same, and a reload too. */
export function useRange(): [Range, (range: Range) => void] {
  const [range, setRange] = useState(() => rangeIn(location.search));
  const choose = (next: Range) => {
    history.replaceState(null, '', location.pathname + searchWith(location.search, next) + location.hash);
    setRange(next);
  };
  return [range, choose];
}

/** What is asked for: whole parts of the range, so that an answer holds for a while. */
export function spanOf({ lengthMs }: Range, clockMs: number): { readonly fromMs: number; readonly toMs: number } {
  const stepMs = Math.max(60_000, Number.isFinite(lengthMs) ? lengthMs / 100 : hourMs);
  const toMs = Math.ceil((clockMs + 1) / stepMs) * stepMs;
  return { fromMs: Number.isFinite(lengthMs) ? toMs - lengthMs : 0, toMs };
}
