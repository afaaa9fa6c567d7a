/** A moment as protobuf keeps it. */
export interface Instant {
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** Nanoseconds beyond them, 0 to 999,999,999. */
  readonly nanos: number;
}

/**
 * Why a text says no moment: `no-zone` and `no-time-of-day` leave open which one; `no-such-time` names a day or an hour that
 * the calendar (or, with a time zone, the clock there) does not have; `twice` is an hour that a clock which was set back
 * showed two times; `unclear` has another form, such as `12`; `ambiguous` begins with a day and a month in an order that nobody can tell, such as `01/02/2026`.
 */
export type InstantFault = 'unclear' | 'ambiguous' | 'no-time-of-day' | 'no-zone' | 'no-such-time' | 'twice';

export type InstantReading =
  { readonly ok: true; readonly instant: Instant } | { readonly ok: false; readonly fault: InstantFault };

/** What clocks of a place show. */
export interface LocalTime {
  /**
   * By how many minutes clocks there may be ahead of UTC when they show this time: one way as a rule, none where they are
   * set forward over it, two where they are set back over it.
   * @param shownMs the time shown, as if it were UTC, in milliseconds since the epoch
   */
  offsetsAt(shownMs: number): readonly number[];
}

const form = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):?(\d\d))?)?$/;
/** `01/02/2026` is in January for some and in February for others. */
const dayMonthOrder = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)/;
const dayMs = 86_400_000;

/**
 * The one reader of times, for files, options and events in JSON: RFC 3339, such as `2026-01-31T12:00:00Z` or
 * `2026-01-31T13:00:00.250+01:00`; a space may stand for the `T`, and an offset may lack its colon, as `strftime` and
 * `pandas` write them. Nothing is guessed: whatever may mean two moments is a fault.
 * @param local of the place whose clocks times without a zone mean; `null`: these are refused
 */
export function readInstant(text: string, local: LocalTime | null = null): InstantReading {
  const match = form.exec(text);
  if (match === null) return fault(dayMonthOrder.test(text) ? 'ambiguous' : 'unclear');
  const [, year, month, day, hour, minute, second, fraction = '', utc, sign, offsetHours, offsetMinutes] = match;
  const midnight = midnightOf(Number(year), Number(month), Number(day));
  if (midnight === null) return fault('no-such-time');
  if (hour === undefined) return fault('no-time-of-day');
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return fault('no-such-time');
  const shownMs = midnight + seconds * 1000;
  let offset = 0;
  if (utc === undefined && sign === undefined) {
    const offsets = local === null ? null : local.offsetsAt(shownMs);
    if (offsets === null) return fault('no-zone');
    if (offsets.length > 1) return fault('twice');
    if (offsets[0] === undefined) return fault('no-such-time');
    offset = offsets[0];
  } else if (sign !== undefined) {
    if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return fault('no-such-time');
    offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes));
  }
  return { ok: true, instant: { seconds: shownMs / 1000 - offset * 60, nanos: Number(fraction.padEnd(9, '0')) } };
}

/** Milliseconds since the epoch, what is below them cut off. */
export function instantMs({ seconds, nanos }: Instant): number {
  return seconds * 1000 + Math.floor(nanos / 1_000_000);
}

/** An instant as the proto3 JSON mapping writes it. */
export function instantText({ seconds, nanos }: Instant): string {
  const second = new Date(seconds * 1000).toISOString().slice(0, 19);
  return nanos === 0 ? `${second}Z` : `${second}.${String(nanos).padStart(9, '0')}Z`;
}

const fault = (kind: InstantFault): InstantReading => ({ ok: false, fault: kind });

/** Of a day that the calendar has; years of one or two digits are not of this century. */
function midnightOf(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const ms = date.getTime();
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && ms % dayMs === 0 ? ms : null;
}
