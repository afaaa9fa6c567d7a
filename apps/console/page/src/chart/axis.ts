import type UPlot from 'uplot';
import type { CalendarView } from '../../../src/read-model/environment-views';

const mostMarks = 9;
/** A name of a month takes so much of the picture's width. */
const markWidth = 64;

/**
 * Where a replay's log turns to another year, or to another month where the picture shows few years.
 * @param most how many names the picture has room for
 */
export function calendarMarks(
  calendar: CalendarView,
  fromSecond: number,
  toSecond: number,
  most = mostMarks,
): [number, string][] {
  const marks = (length: number): [number, string][] => {
    let before = '';
    const found: [number, string][] = [];
    calendar.labels.forEach((label, step) => {
      const second = (calendar.startMs + step * calendar.stepMs) / 1000;
      const name = label.slice(0, length);
      if (name === '' || name === before) return;
      if (second >= fromSecond && second <= toSecond) found.push([second, name]);
      before = name;
    });
    return found;
  };
  const years = marks('2008'.length);
  if (years.length >= 3) return years;
  const months = marks('2008-06'.length);
  const every = Math.ceil(months.length / Math.max(1, Math.min(mostMarks, most)));
  return months.filter((_, index) => index % every === 0);
}

/** `17:30`, with the date where a day begins. UTC. */
export function clockLabel(second: number, before: number | undefined): string {
  const iso = new Date(second * 1000).toISOString();
  const isNewDay = before === undefined || new Date(before * 1000).toISOString().slice(0, 10) !== iso.slice(0, 10);
  return isNewDay ? `${iso.slice(11, 16)}\n${iso.slice(0, 10)}` : iso.slice(11, 16);
}

/** The axis of times: by the names of a replay's steps where they have names. */
export function timeAxis(calendar: CalendarView | null): UPlot.Axis {
  if (calendar === null || calendar.labels.every((label) => label === ''))
    return { values: (_, seconds) => seconds.map((second, index) => clockLabel(second, seconds[index - 1])) };
  return {
    size: 30,
    splits: (plot, _axis, from, to) => calendarMarks(calendar, from, to, roomOf(plot)).map(([second]) => second),
    values: (plot, seconds) => {
      const { min = 0, max = 0 } = plot.scales['x'] ?? {};
      const names = new Map(calendarMarks(calendar, min ?? 0, max ?? 0, roomOf(plot)));
      return seconds.map((second) => names.get(second) ?? '');
    },
  };
}

const roomOf = ({ width }: UPlot): number => Math.floor(width / markWidth);
