/** `2004-01-02 16:48:00 UTC`, from milliseconds since the epoch. */
export function instant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `2004-01-02`. */
export function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** `16:48:00`, for lists under a day's heading. */
export function clockTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}

/** `2004-01-02 16:48`, UTC. */
export function minute(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** `16:48`, UTC. */
export function clockMinute(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}
