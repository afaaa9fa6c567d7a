const hourMs = 3_600_000;

/** Since when rows are kept, by a clock: whole hours, since an hour is computed from all its minutes or from none. */
export const keptFromMs = (nowMs: number, keptMs: number): number => Math.floor((nowMs - keptMs) / hourMs) * hourMs;
