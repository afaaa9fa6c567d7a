import type { LocalTime } from './read-instant.js';

const dayMs = 86_400_000;

/**
 * The clocks of a time zone: `UTC`, an offset such as `+01:00`, or a name such as `Europe/Berlin`.
 * @returns `null` when there is no such time zone
 */
export function timeZone(name: string): LocalTime | null {
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (offset !== null) {
    const [, sign, hours, minutes] = offset;
    const ahead = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    return Number(hours) > 23 || Number(minutes) > 59 ? null : { offsetsAt: () => [ahead] };
  }
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    return null;
  }
  /** Minutes by which clocks there are ahead of UTC at a moment. */
  const aheadAt = (ms: number): number => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const { year, month, day, hour, minute, second } = part;
    const shown = Date.UTC(...([year, Number(month) - 1, day, hour, minute, second].map(Number) as [number, number]));
    return Math.round((shown - Math.floor(ms / 1000) * 1000) / 60_000);
  };
  return {
    offsetsAt(shownMs) {
      // Clocks change at most once within the two days around.
      const candidates = new Set([aheadAt(shownMs - dayMs), aheadAt(shownMs + dayMs)]);
      return [...candidates].filter((ahead) => aheadAt(shownMs - ahead * 60_000) === ahead);
    },
  };
}
