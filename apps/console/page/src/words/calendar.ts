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

/** Times in a text, as one reads them beside other times: by the names of the steps where they have names. */
export function named(calendar: CalendarView | null, text: string): string {
  return text.replace(
    /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g,
    (utc, day: string, time: string) => labelAt(calendar, Date.parse(`${day}T${time}Z`)) ?? utc,
  );
}
