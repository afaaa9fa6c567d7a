/** Rounds half to even at six decimals, as Python's `round` does: figures are compared digit by digit. */
export function round6(value: number): number {
  const scaled = value * 1e6;
  const floor = Math.floor(scaled);
  const isTie = scaled - floor === 0.5 && (floor + 0.5) / 1e6 === value;
  const rounded = isTie ? (floor % 2 === 0 ? floor : floor + 1) / 1e6 : Number(value.toFixed(6));
  return rounded === 0 ? 0 : rounded;
}

/** ISO 8601 in whole seconds, UTC. */
export function isoSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
