/** Waits before the second, third and fourth attempt at an action that has touched nothing, milliseconds. */
const WAITS_MS = [5_000, 15_000, 45_000];

/** How long to wait after attempt `attempt` (1, 2 …) before the next one; `null`: a person decides. Milliseconds. */
export function waitAfterAttempt(attempt: number): number | null {
  return WAITS_MS[attempt - 1] ?? null;
}
