import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CalendarView } from '../../../src/read-model/environment-views';

/** What the steps of a replay are called, such as their trading dates; `null` where times are what they say. */
export const Calendar = createContext<CalendarView | null>(null);

export const useCalendar = (): CalendarView | null => useContext(Calendar);

/** What the step that a tick closes is called; `null` without a name. */
export function labelAt(calendar: CalendarView | null, timeMs: number | null): string | null {
  if (calendar === null || timeMs === null) return null;
  const step = Math.max(0, Math.ceil((timeMs - calendar.startMs) / calendar.stepMs) - 1);
  // What begins with a step happens at the end of the one before, and that one may have no name.
  return calendar.labels[step] || calendar.labels[step + 1] || null;
}

const dayMs = 86_400_000;

/**
 * How long something took in the story's own time, where the steps of a replay are called by dates: `129 days`; `null` in
 * any other case.
 */
export function storySpan(calendar: CalendarView | null, fromMs: number, toMs: number): string | null {
  const [from, to] = [labelAt(calendar, fromMs), labelAt(calendar, toMs)].map((label) =>
    label !== null && /^\d{4}-\d\d-\d\d/.test(label) ? Date.parse(label.slice(0, 10)) : NaN,
  ) as [number, number];
  const days = Math.round((to - from) / dayMs);
  if (!Number.isFinite(days)) return null;
  if (days < 1) return 'less than a day';
  return days === 1 ? '1 day' : `${days} days`;
}

/** Times in a text, as one reads them beside other times: by the names of the steps where they have names. */
export function named(calendar: CalendarView | null, text: string): string {
  return text.replace(
    /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g,
    (utc, day: string, time: string) => labelAt(calendar, Date.parse(`${day}T${time}Z`)) ?? utc,
  );
}
