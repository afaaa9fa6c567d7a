import { describe, expect, it } from '@jest/globals';
import { calendarMarks, clockLabel } from './axis';

const days = (from: string, count: number) =>
  Array.from({ length: count }, (_, day) => new Date(Date.parse(from) + day * 86_400_000).toISOString().slice(0, 10));
const calendar = (from: string, count: number) => ({ startMs: 0, stepMs: 1000, labels: days(from, count) });

describe('the axis of a replay', () => {
  it('marks the years of a long one', () => {
    expect(calendarMarks(calendar('2004-01-02', 1500), 0, 1500)).toEqual([
      [0, '2004'],
      [365, '2005'],
      [730, '2006'],
      [1095, '2007'],
      [1460, '2008'],
    ]);
  });

  it('marks the months of a short one', () => {
    expect(calendarMarks(calendar('2008-06-30', 40), 0, 40)).toEqual([
      [0, '2008-06'],
      [1, '2008-07'],
      [32, '2008-08'],
    ]);
  });

  it('marks not too many months', () => {
    expect(calendarMarks(calendar('2007-01-01', 600), 0, 600).length).toBeLessThanOrEqual(9);
  });

  it('marks no more months than a narrow picture has room for', () => {
    expect(calendarMarks(calendar('2008-01-01', 366), 0, 366, 4).map(([, name]) => name)).toEqual([
      '2008-01',
      '2008-04',
      '2008-07',
      '2008-10',
    ]);
  });

  it('marks only what the picture shows', () => {
    expect(calendarMarks(calendar('2008-06-30', 40), 1, 20)).toEqual([[1, '2008-07']]);
  });

  it('passes over steps without a name', () => {
    const { labels, ...rest } = calendar('2008-06-30', 3);
    expect(calendarMarks({ ...rest, labels: ['', ...labels] }, 0, 9)).toEqual([
      [1, '2008-06'],
      [2, '2008-07'],
    ]);
  });
});

describe('the axis of a live environment', () => {
  it('names the day where it begins', () => {
    expect([clockLabel(0, undefined), clockLabel(60, 0), clockLabel(86_400, 60)]).toEqual([
      '00:00\n1970-01-01',
      '00:01',
      '00:00\n1970-01-02',
    ]);
  });
});
