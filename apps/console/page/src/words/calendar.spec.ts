import { describe, expect, it } from '@jest/globals';
import { labelAt, named, storySpan } from './calendar';

const calendar = { startMs: 600, stepMs: 60, labels: ['2008-06-30', '', '2008-07-01'] };

describe('what a time of a replay is called', () => {
  it.each([
    [600, '2008-06-30'],
    [601, '2008-06-30'],
    [660, '2008-06-30'],
    [661, '2008-07-01'],
    [780, '2008-07-01'],
    [781, null],
    [null, null],
  ])('at %p: %p', (timeMs, label) => {
    expect(labelAt(calendar, timeMs)).toBe(label);
  });

  it('is nothing where there is no replay', () => {
    expect(labelAt(null, 600)).toBeNull();
  });
});

describe('how long something took in the story', () => {
  it.each([
    [600, 661, '1 day'],
    [600, 660, 'less than a day'],
    [600, 781, null],
  ])('from %p to %p: %p', (from, to, words) => {
    expect(storySpan(calendar, from, to)).toBe(words);
  });

  it('is nothing where steps have no dates, or there is no replay', () => {
    expect(storySpan({ startMs: 0, stepMs: 60, labels: ['first', 'second'] }, 0, 61)).toBeNull();
    expect(storySpan(null, 0, 61)).toBeNull();
  });
});

describe('a text with times', () => {
  const text = 'held at 1970-01-01 00:00:01 UTC, since 1970-01-02 00:00:00 UTC';
  const day = { startMs: 0, stepMs: 1000, labels: ['2008-06-30'] };

  it('names those that have a name', () => {
    expect(named(day, text)).toBe('held at 2008-06-30, since 1970-01-02 00:00:00 UTC');
  });

  it('is as it was where there is no replay', () => {
    expect(named(null, text)).toBe(text);
  });
});
