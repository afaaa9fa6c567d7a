/** What an open incident has cost so far, and what of it was published. US dollars. */
export interface RunningPrice {
  readonly costUsd: number;
  readonly publishedUsd: number;
  readonly publishedUsdPerMinute: number;
  readonly publishedAtMs: number;
}

const MINUTE_MS = 60_000;

/** Nothing yet: the first loss is published at once. */
export function freePrice(openedAtMs: number): RunningPrice {
  return { costUsd: 0, publishedUsd: 0, publishedUsdPerMinute: 0, publishedAtMs: openedAtMs - MINUTE_MS };
}

/** One more tick: the loss of this tick for the time since the previous one. */
export function charge(price: RunningPrice, usdPerMinute: number, elapsedMs: number): RunningPrice {
  return { ...price, costUsd: price.costUsd + (usdPerMinute * elapsedMs) / MINUTE_MS };
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
