import { describe, expect, it } from '@jest/globals';
import { timeZone } from './time-zone.js';

const offsets = (zone: string, ...shown: readonly number[]) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = shown;
  return [...(timeZone(zone)?.offsetsAt(Date.UTC(year, month - 1, day, hour, minute)) ?? [])].sort((a, b) => a - b);
};

describe('clocks of a time zone', () => {
  it.each([
    ['UTC', [2026, 7, 1, 12], [0]],
    ['+05:30', [2026, 7, 1, 12], [330]],
    ['-0800', [2026, 7, 1, 12], [-480]],
    ['Europe/Berlin', [2026, 1, 31, 12], [60]],
    ['Europe/Berlin', [2026, 7, 1, 12], [120]],
    ['America/New_York', [2026, 7, 1, 0], [-240]],
    ['Asia/Kathmandu', [2026, 7, 1, 0], [345]],
    ['Pacific/Kiritimati', [2026, 7, 1, 0], [840]],
  ] as const)('%s at %p is %p minutes ahead', (zone, shown, expected) => {
    expect(offsets(zone, ...shown)).toEqual(expected);
  });

  it('never show the hour over which they are set forward', () => {
    expect(offsets('Europe/Berlin', 2026, 3, 29, 2, 30)).toEqual([]);
    expect(offsets('Europe/Berlin', 2026, 3, 29, 1, 59)).toEqual([60]);
    expect(offsets('Europe/Berlin', 2026, 3, 29, 3)).toEqual([120]);
  });

  it('show the hour over which they are set back twice', () => {
    expect(offsets('Europe/Berlin', 2026, 10, 25, 2, 30)).toEqual([60, 120]);
    expect(offsets('Europe/Berlin', 2026, 10, 25, 3)).toEqual([60]);
    expect(offsets('Australia/Lord_Howe', 2026, 4, 5, 1, 45)).toEqual([630, 660]);
  });

  it.each(['', 'Berlin', '+25:00', '+01:75', 'Mars/Olympus'])('"%s" is none', (zone) => {
    expect(timeZone(zone)).toBeNull();
  });
});
