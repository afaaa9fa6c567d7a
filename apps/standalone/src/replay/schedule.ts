import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LoggedEvent } from './log-reader.js';
import type { Release } from './releases.js';

/** What happens in one step of a replay, before the step's tick. */
export interface ReplayStep {
  readonly releases: readonly Release[];
  /** Predictions by time, then outcomes by the time at which they became known. */
  readonly events: readonly Event[];
}

/** A log cut into steps of equal length: step k covers `[start + k·step, start + (k+1)·step)`, its tick is the end. */
export interface ReplaySchedule {
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: readonly ReplayStep[];
}

const order: Readonly<Record<string, number>> = { deployment: 0, prediction: 1, outcome: 2 };

/**
 * Cuts events into steps. What was predicted in range but became known after `untilMs` is left out: nobody knew it yet.
 * With releases, a version's predictions are replayed from its first release on.
 * @param untilMs end of the replay, exclusive; `null`: the step of the last prediction is the last
 */
export function cutIntoSteps(
  events: readonly LoggedEvent[],
  releases: readonly Release[],
  stepMs: number,
  untilMs: number | null,
): ReplaySchedule {
  const released = new Map<string, number>();
  for (const { version, timeMs } of releases) released.set(version, Math.min(timeMs, released.get(version) ?? timeMs));
  const replayed = events.filter(({ timeMs, event: { kind } }) => {
    if (releases.length === 0 || kind.case !== 'prediction') return true;
    return timeMs >= (released.get(kind.value.version) ?? Infinity);
  });
  const predicted = replayed.filter(({ event }) => event.kind.case === 'prediction').map(({ timeMs }) => timeMs);
  const all = [...(predicted.length > 0 ? predicted : replayed.map(({ timeMs }) => timeMs))];
  if (all.length === 0) return { startMs: 0, stepMs, steps: [] };
  const floor = (timeMs: number) => Math.floor(timeMs / stepMs) * stepMs;
  const first = all.reduce((least, timeMs) => Math.min(least, timeMs), releases[0]?.timeMs ?? Infinity);
  const last = all.reduce((most, timeMs) => Math.max(most, timeMs), -Infinity);
  const startMs = floor(first);
  const endMs = untilMs ?? floor(last) + stepMs;
  const count = Math.max(0, Math.ceil((endMs - startMs) / stepMs));
  const steps = Array.from({ length: count }, () => ({ releases: [] as Release[], events: [] as Event[] }));
  const stepOf = (timeMs: number) => (timeMs < endMs ? steps[Math.floor((timeMs - startMs) / stepMs)] : undefined);
  for (const release of releases) stepOf(release.timeMs)?.releases.push(release);
  // Stable: the log's own order decides among equals.
  const sorted = [...replayed].sort(
    (a, b) => (order[a.event.kind.case ?? ''] ?? 3) - (order[b.event.kind.case ?? ''] ?? 3) || a.timeMs - b.timeMs,
  );
  for (const { timeMs, event } of sorted) stepOf(timeMs)?.events.push(event);
  return { startMs, stepMs, steps };
}

/** The role of a version in a replay that follows what serves. */
export function roleOf(version: string, serving: string): Role {
  return version === serving ? Role.PRIMARY : Role.SHADOW;
}
