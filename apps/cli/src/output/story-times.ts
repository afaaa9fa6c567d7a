import { labelAt, named, type Calendar } from '@moola/wording/calendar';
import { sinceText } from '@moola/wording/headline';
import { path, type MoolaServer } from '../server/moola-server.js';
import { printable } from './printable.js';
import { instant } from './words.js';

/**
 * Times of an environment as its page shows them: in a replay whose steps have names (trading dates, say) by these, since its clock is
 * not that of what it tells; else in UTC.
 */
export interface StoryTimes {
  /** `2008-06-27 14:03`, or a step's name. */
  at(timeMs: number): string;
  /** The same where no heading says the zone: `2008-06-27 14:03 UTC`. */
  zoned(timeMs: number): string;
  /** The title of a column of times. */
  heading(title: string): string;
  /** `since 13:58 UTC`. @param zone whether the zone is said */
  since(timeMs: number, asOfMs: number, zone: 'zoned' | 'bare'): string;
  /** A sentence with the times in it. */
  text(text: string): string;
}

/** @returns how times are shown of an environment; one that runs no replay has no names for them */
export async function storyTimes(server: MoolaServer, environment: string): Promise<StoryTimes> {
  const answer = await server.get<Partial<Calendar>>(path('environments', environment, 'calendar'));
  const { startMs, stepMs, labels } = answer.ok ? answer.value : {};
  const isCalendar = typeof startMs === 'number' && typeof stepMs === 'number' && Array.isArray(labels);
  return isCalendar && labels.some((label) => label !== '') ? inStory({ startMs, stepMs, labels }) : inUtc;
}

const inUtc: StoryTimes = {
  at: instant,
  zoned: (timeMs) => `${instant(timeMs)} UTC`,
  heading: (title) => `${title} (UTC)`,
  since: (timeMs, asOfMs, zone) => `${sinceText(timeMs, asOfMs)}${zone === 'zoned' ? ' UTC' : ''}`,
  text: (text) => text,
};

function inStory(calendar: Calendar): StoryTimes {
  const at = (timeMs: number): string => {
    const label = labelAt(calendar, timeMs);
    return label === null ? `${instant(timeMs)} UTC` : printable(label);
  };
  return {
    ...{ at, zoned: at, heading: (title) => `${title} (STORY)`, text: (text) => named(calendar, text) },
    since: (timeMs) => `since ${at(timeMs)}`,
  };
}
