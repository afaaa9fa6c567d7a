/** What the steps of a replay are called, such as their trading dates. */
export interface Calendar {
  readonly startMs: number;
  readonly stepMs: number;
  /** A name a step; empty where it has none. */
  readonly labels: readonly string[];
}

/** What the step that a tick closes is called; `null` without a name. */
export function labelAt(calendar: Calendar | null, timeMs: number | null): string | null {
  if (calendar === null || timeMs === null) return null;
  const step = Math.max(0, Math.ceil((timeMs - calendar.startMs) / calendar.stepMs) - 1);
  // What begins with a step happens at the end of the one before, and that one may have no name.
  return calendar.labels[step] || calendar.labels[step + 1] || null;
}

/** Times in a text, as one reads them beside other times: by the names of the steps where they have names. */
export function named(calendar: Calendar | null, text: string): string {
  return text.replace(
    /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g,
    (utc, day: string, time: string) => labelAt(calendar, Date.parse(`${day}T${time}Z`)) ?? utc,
  );
}

/** A document of a replay: its dates are the story's; durations stay those of the replay, and it says so. */
export function inStoryDates(calendar: Calendar | null, markdown: string): string {
  if (calendar === null || !calendar.labels.some((label) => label !== '')) return markdown;
  const [title = '', ...rest] = named(calendar, markdown).split('\n');
  const note = 'Written by a replay: dates are those of the story, durations those of the replay.';
  return [title, '', note, ...rest].join('\n');
}
