/** What an open incident has cost so far, and what of it was published. US dollars. */
export interface RunningPrice {
  readonly costUsd: number;
  readonly publishedUsd: number;
  readonly publishedUsdPerMinute: number;
  readonly publishedAtMs: number;
}

const MINUTE_MS = 60_000;

/** What it cost from its breach to its opening, nothing of it published: the first figure is, at once. */
export function priceSince(openedAtMs: number, costUsd: number): RunningPrice {
  return { costUsd, publishedUsd: 0, publishedUsdPerMinute: 0, publishedAtMs: openedAtMs - MINUTE_MS };
}

/** The loss of a tick for the time since the previous one. */
export function lossOf(usdPerMinute: number, elapsedMs: number): number {
  return (usdPerMinute * elapsedMs) / MINUTE_MS;
}

/** One more tick. */
export function charge(price: RunningPrice, usdPerMinute: number, elapsedMs: number): RunningPrice {
  return { ...price, costUsd: price.costUsd + lossOf(usdPerMinute, elapsedMs) };
}

/** Whether who reads on from the last publication would be wrong. It is looked at once a minute. */
export function isWorthPublishing(price: RunningPrice, usdPerMinute: number, nowMs: number): boolean {
  const elapsedMs = nowMs - price.publishedAtMs;
  if (elapsedMs < MINUTE_MS) return false;
  const readOn = price.publishedUsd + (price.publishedUsdPerMinute * elapsedMs) / MINUTE_MS;
  return usdPerMinute !== price.publishedUsdPerMinute || Math.abs(readOn - price.costUsd) > 1e-6;
}

export function published(price: RunningPrice, usdPerMinute: number, nowMs: number): RunningPrice {
  return { ...price, publishedUsd: price.costUsd, publishedUsdPerMinute: usdPerMinute, publishedAtMs: nowMs };
}
