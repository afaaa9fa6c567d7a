import { describe, expect, it } from '@jest/globals';
import { instantMs, instantText, readInstant, type LocalTime } from './read-instant.js';

const ms = (text: string, local: LocalTime | null = null) => {
  const reading = readInstant(text, local);
  return reading.ok ? instantMs(reading.instant) : reading.fault;
};

describe('a time', () => {
  it.each([
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31t12:00:00z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31 12:00:00+00:00', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00+0130', Date.UTC(2026, 0, 31, 10, 30)],
    ['2026-01-31T12:00:00-08:00', Date.UTC(2026, 0, 31, 20)],
    ['2026-01-31T12:00:00.123456789Z', Date.UTC(2026, 0, 31, 12, 0, 0, 123)],
    ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['1969-12-31T23:59:59.5Z', -500],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ])('%s is read', (text, expected) => {
    expect(ms(text)).toBe(expected);
  });

  it.each([
    ['2026-01-31T12:00:00', 'no-zone'],
    ['2026-01-31 12:00:00.5', 'no-zone'],
    ['2026-01-31', 'no-time-of-day'],
    ['2026-02-30', 'no-such-time'],
    ['2026-02-30T10:00:00Z', 'no-such-time'],
    ['2025-02-29T10:00:00Z', 'no-such-time'],
    ['2026-13-01T10:00:00Z', 'no-such-time'],
    ['2026-00-10T10:00:00Z', 'no-such-time'],
    ['0000-01-01T00:00:00Z', 'no-such-time'],
    ['2026-01-31T24:00:00Z', 'no-such-time'],
    ['2026-01-31T23:59:60Z', 'no-such-time'],
    ['2026-01-31T12:00:00+24:00', 'no-such-time'],
    ...['01/02/2026', '01/02/2026 10:00', '1.2.26', '31-01-2026T10:00:00Z'].map((text) => [text, 'ambiguous'] as const),
    ...['12', '1767225600', '', 'yesterday', '2026-1-5T10:00:00Z'].map((text) => [text, 'unclear'] as const),
    ...['2026-01-31T12:00Z', ' 2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z ', '2026-01-31T12:00:00 UTC'].map(
      (text) => [text, 'unclear'] as const,
    ),
    ['2026-01-31T12:00:00.1234567890Z', 'unclear'],
    ['+002026-01-31T12:00:00Z', 'unclear'],
  ])('"%s" is refused: %s', (text, fault) => {
    expect(ms(text)).toBe(fault);
  });

  it('without a zone is read by the clocks of a place that is named', () => {
    const ahead = (...minutes: number[]): LocalTime => ({ offsetsAt: () => minutes });
    expect(ms('2026-01-31T12:00:00', ahead(60))).toBe(Date.UTC(2026, 0, 31, 11));
    expect(ms('2026-01-31T12:00:00', ahead())).toBe('no-such-time');
    expect(ms('2026-01-31T12:00:00', ahead(60, 120))).toBe('twice');
    // A time that says its zone is not changed by it.
    expect(ms('2026-01-31T12:00:00Z', ahead(60))).toBe(Date.UTC(2026, 0, 31, 12));
  });

  it('is written as it was read', () => {
    for (const text of ['2026-01-31T12:00:00Z', '1969-12-31T23:59:59.500000000Z', '9999-12-31T23:59:59.000000001Z']) {
      const reading = readInstant(text);
      expect(reading.ok && instantText(reading.instant)).toBe(text);
    }
  });
});
