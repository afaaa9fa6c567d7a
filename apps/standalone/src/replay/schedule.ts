import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LoggedEvent } from './log-reader.js';
import type { Release } from './releases.js';

/** More steps are not replayed: 5.7 years of minutes. A log that needs more has a row with a wrong time, or too short a step. */
export const mostSteps = 3_000_000;

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

/** What a log covers. */
export interface ReplayRange {
  /** Start of the first step. */
  readonly startMs: number;
  /** End of the last step, exclusive. */
  readonly endMs: number;
}

/**
 * What a version answered before its first release is not replayed.
 * @param releases none: everything is
 */
export function releasedEvents(events: readonly LoggedEvent[], releases: readonly Release[]): readonly LoggedEvent[] {
  if (releases.length === 0) return events;
  const released = new Map<string, number>();
  for (const { version, timeMs } of releases) released.set(version, Math.min(timeMs, released.get(version) ?? timeMs));
  return events.filter(
    ({ timeMs, event: { kind } }) =>
      kind.case !== 'prediction' || timeMs >= (released.get(kind.value.version) ?? Infinity),
  );
}

/**
 * From the first prediction or release to the last prediction, in whole steps.
 * @param untilMs end of the replay, exclusive; `null`: the step of the last prediction is the last
 * @returns `null` when there is nothing
 */
export function rangeOf(
  events: readonly LoggedEvent[],
  releases: readonly Release[],
  stepMs: number,
  untilMs: number | null,
): ReplayRange | null {
  const predictions = events.filter(({ event }) => event.kind.case === 'prediction');
  const all = predictions.length > 0 ? predictions : events;
  if (all.length === 0) return null;
  const floor = (timeMs: number) => Math.floor(timeMs / stepMs) * stepMs;
  let [first, last] = [releases[0]?.timeMs ?? Infinity, -Infinity];
  for (const { timeMs } of all) [first, last] = [Math.min(first, timeMs), Math.max(last, timeMs)];
  return { startMs: floor(first), endMs: untilMs ?? floor(last) + stepMs };
}

export const stepsIn = ({ startMs, endMs }: ReplayRange, stepMs: number): number =>
  Math.max(0, Math.ceil((endMs - startMs) / stepMs));

/** Most steps of a long replay are empty: they share this one. */
const emptyStep: ReplayStep = { releases: [], events: [] };

/** Cuts events into steps. What was predicted in range but became known after it is left out: nobody knew it yet. */
export function cutIntoSteps(
  events: readonly LoggedEvent[],
  releases: readonly Release[],
  stepMs: number,
  range: ReplayRange,
): ReplaySchedule {
  const { startMs, endMs } = range;
  const filled = new Map<number, { readonly releases: Release[]; readonly events: Event[] }>();
  const steps = new Array<ReplayStep>(stepsIn(range, stepMs)).fill(emptyStep);
  const stepOf = (timeMs: number) => {
    const step = Math.floor((timeMs - startMs) / stepMs);
    if (timeMs >= endMs || step < 0) return undefined;
    const found = filled.get(step) ?? { releases: [], events: [] };
    filled.set(step, found);
    steps[step] = found;
    return found;
  };
  for (const release of releases) stepOf(release.timeMs)?.releases.push(release);
  // Stable: the log's own order decides among equals.
  const sorted = [...events].sort(
    (a, b) => (order[a.event.kind.case ?? ''] ?? 3) - (order[b.event.kind.case ?? ''] ?? 3) || a.timeMs - b.timeMs,
  );
  for (const { timeMs, event } of sorted) stepOf(timeMs)?.events.push(event);
  return { startMs, stepMs, steps };
}

/** The role of a version in a replay that follows what serves. */
export function roleOf(version: string, serving: string): Role {
  return version === serving ? Role.PRIMARY : Role.SHADOW;
}
