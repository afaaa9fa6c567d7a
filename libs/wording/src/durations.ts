const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A span of time as people say it: `5 min`, `2 h 30 min`, `3 d 4 h`, `250 ms`. At most two units; milliseconds in. */
export function spoken(durationMs: number): string {
  const whole = Math.round(Math.abs(durationMs));
  if (whole < 1_000) return `${whole} ms`;
  const parts: string[] = [];
  let rest = whole;
  for (const [name, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${name}`);
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ');
}
