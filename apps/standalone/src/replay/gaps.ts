import { formatDuration } from '@moola/contracts/definitions/durations';
import { isoSeconds } from '../story/round.js';
import { placeIn } from './log-kind.js';
import type { Gap, TimedLine } from './longest-gap.js';
import { mostSteps, stepsIn, type ReplayRange } from './schedule.js';

/** Steps that a person may take instead, in milliseconds. */
const longerSteps = [1, 5, 15, 60, 6 * 60, 24 * 60].map((minutes) => minutes * 60_000);

/** A gap is worth a word when it is nearly all of a long log. */
const notable = { share: 0.9, steps: 20_000 };

/** Why a log is too long for its step; `null` when it is not. */
export function tooManySteps(file: string, gap: Gap | null, range: ReplayRange, stepMs: number): string | null {
  const steps = stepsIn(range, stepMs);
  if (steps <= mostSteps) return null;
  const where =
    gap === null ? '' : ` The longest gap lies between ${describe(file, gap.before)} and ${describe(file, gap.after)}.`;
  const enough = longerSteps.find((length) => stepsIn(range, length) <= mostSteps);
  const longer = enough === undefined ? '' : `, or take longer steps (--step ${formatDuration(enough)})`;
  return (
    `${file}: lasts from ${isoSeconds(range.startMs)} to ${isoSeconds(range.endMs)}, ${steps} steps of ` +
    `${formatDuration(stepMs)}: at most ${mostSteps} are replayed.${where} Correct the time that is wrong${longer}`
  );
}

/** Says that nearly all of a long log is empty, as it is where one row has a wrong time. */
export function emptyStretch(file: string, gap: Gap | null, range: ReplayRange, stepMs: number): string | null {
  if (
    gap === null ||
    stepsIn(range, stepMs) < notable.steps ||
    gap.lengthMs < notable.share * (range.endMs - range.startMs)
  )
    return null;
  return `${file}: nothing lies between ${describe(file, gap.before)} and ${describe(file, gap.after)}: is a time wrong?`;
}

const describe = (file: string, { timeMs, line }: TimedLine): string =>
  `${isoSeconds(timeMs)} (${placeIn(file)} ${line})`;
