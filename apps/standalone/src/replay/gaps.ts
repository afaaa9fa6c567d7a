import { formatDuration } from '@moola/contracts/definitions/durations';
import { isoSeconds } from '../story/round.js';
import type { LoggedEvent } from './log-reader.js';
import { mostSteps, stepsIn, type ReplayRange } from './schedule.js';

/** Steps that a person may take instead, in milliseconds. */
const longerSteps = [1, 5, 15, 60, 6 * 60, 24 * 60].map((minutes) => minutes * 60_000);

/** Two predictions with nothing between them. */
interface Gap {
  readonly before: LoggedEvent;
  readonly after: LoggedEvent;
  readonly lengthMs: number;
}

/** A gap is worth a word when it is nearly all of a long log. */
const notable = { share: 0.9, steps: 20_000 };

/** Why a log is too long for its step; `null` when it is not. */
export function tooManySteps(
  file: string,
  events: readonly LoggedEvent[],
  range: ReplayRange,
  stepMs: number,
): string | null {
  const steps = stepsIn(range, stepMs);
  if (steps <= mostSteps) return null;
  const gap = longestGap(events);
  const where = gap === null ? '' : ` The longest gap lies between ${describe(gap.before)} and ${describe(gap.after)}.`;
  const enough = longerSteps.find((length) => stepsIn(range, length) <= mostSteps);
  const longer = enough === undefined ? '' : `, or take longer steps (--step ${formatDuration(enough)})`;
  return (
    `${file}: lasts from ${isoSeconds(range.startMs)} to ${isoSeconds(range.endMs)}, ${steps} steps of ` +
    `${formatDuration(stepMs)}: at most ${mostSteps} are replayed.${where} Correct the time that is wrong${longer}`
  );
}

/** Says that nearly all of a long log is empty, as it is where one row has a wrong time. */
export function emptyStretch(
  file: string,
  events: readonly LoggedEvent[],
  range: ReplayRange,
  stepMs: number,
): string | null {
  const gap = stepsIn(range, stepMs) < notable.steps ? null : longestGap(events);
  if (gap === null || gap.lengthMs < notable.share * (range.endMs - range.startMs)) return null;
  return `${file}: nothing lies between ${describe(gap.before)} and ${describe(gap.after)}: is a time wrong?`;
}

const describe = ({ timeMs, line }: LoggedEvent): string => `${isoSeconds(timeMs)} (line ${line})`;

function longestGap(events: readonly LoggedEvent[]): Gap | null {
  const predictions = events
    .filter(({ event }) => event.kind.case === 'prediction')
    .sort((a, b) => a.timeMs - b.timeMs);
  let longest: Gap | null = null;
  predictions.forEach((after, index) => {
    const before = predictions[index - 1];
    const lengthMs = before === undefined ? 0 : after.timeMs - before.timeMs;
    if (before !== undefined && lengthMs > (longest?.lengthMs ?? 0)) longest = { before, after, lengthMs };
  });
  return longest;
}
