import { describe, expect, it } from '@jest/globals';
import { compareFirings } from './compare.js';
import { firingMs, firingsOf, type Change, type Firing } from './firings.js';
import { score, united, type Span } from './score.js';
import { timeline } from './timeline.js';

/** `3-7`: from 3 to 7. */
const spans = (text: string): Span[] =>
  text.split(' ').flatMap((each) => {
    const [fromMs, toMs] = each.split('-').map(Number);
    return fromMs === undefined || toMs === undefined ? [] : [{ fromMs, toMs }];
  });

describe('the score of firings', () => {
  it.each<[string, string, number, number, number, number, number, readonly [number, number] | null]>([
    // firings, incidents, grace: true, false, detected, missed, median and worst delay
    ['', '', 0, 0, 0, 0, 0, null],
    ['1-2', '', 0, 0, 1, 0, 0, null],
    ['', '1-2', 0, 0, 0, 0, 1, null],
    ['10-20', '5-15', 0, 1, 0, 1, 0, [5, 5]],
    // Touching is no overlap: ends are exclusive.
    ['10-20', '5-10', 0, 0, 1, 0, 1, null],
    ['10-20', '20-30', 0, 0, 1, 0, 1, null],
    // It fired before the incident began, and goes on.
    ['10-20', '15-30', 0, 1, 0, 1, 0, [0, 0]],
    // The first of several firings counts for the delay, and each is true.
    ['12-14 16-18', '10-20', 0, 2, 0, 1, 0, [2, 2]],
    ['16-18 12-14', '10-20', 0, 2, 0, 1, 0, [2, 2]],
    // One firing over two incidents detects both.
    ['10-30', '5-12 20-40', 0, 1, 0, 2, 0, [2.5, 5]],
    ['1-2 13-14 100-101', '10-20 30-40 50-60', 0, 1, 2, 1, 2, [3, 3]],
    // Late, because labels were: within the grace it is true.
    ['24-30', '10-20', 5, 1, 0, 1, 0, [14, 14]],
    ['25-30', '10-20', 5, 0, 1, 0, 1, null],
    ['1-2 11-12 22-23 35-36', '0-2 10-12 20-23 30-36', 0, 4, 0, 4, 0, [1.5, 5]],
  ])('%s against %s', (firings, incidents, graceMs, trueFirings, falseFirings, detected, missed, delay) => {
    const result = score(spans(firings), spans(incidents), graceMs);
    expect(result).toMatchObject({ trueFirings, falseFirings, detected });
    expect(result.missed).toHaveLength(missed);
    expect(result.delay).toEqual(delay === null ? null : { medianMs: delay[0], worstMs: delay[1] });
    const all = trueFirings + falseFirings;
    expect(result.precision).toBe(all === 0 ? null : trueFirings / all);
    expect(result.recall).toBe(detected + missed === 0 ? null : detected / (detected + missed));
  });

  it('names what was missed', () => {
    expect(score(spans('11-12'), spans('10-20 30-40'), 0).missed).toEqual(spans('30-40'));
  });

  it('takes incidents that overlap for one', () => {
    expect(united(spans('10-20 5-12 18-19 30-40 40-50'))).toEqual(spans('5-20 30-40 40-50'));
  });
});

const change = (atMs: number, isFiring: boolean, rule = 'r', version = 'v1'): Change => ({
  ...{ model: 'm', rule, version, subject: null, segment: null, atMs, isFiring },
});
const firing = (fromMs: number, toMs: number, rule = 'r', version = 'v1'): Firing => ({
  ...{ model: 'm', rule, version, subject: null, segment: null, fromMs, toMs, isOpen: false },
});
const job = (name: string) => ({ version: '', subject: { kind: 'job' as const, name } });

describe('the firings of alerts', () => {
  it('last from firing to whatever follows, of each version by itself', () => {
    const changes = [
      ...[change(1, false), change(2, true), change(3, true, 'r', 'v2'), change(4, false)],
      ...[change(5, true), change(6, false, 'r', 'v2'), change(7, true, 'other')],
    ];
    expect(firingsOf(changes, 9)).toEqual([
      firing(2, 4),
      firing(3, 6, 'r', 'v2'),
      { ...firing(5, 9), isOpen: true },
      { ...firing(7, 9, 'other'), isOpen: true },
    ]);
  });

  it('are those of each job by itself', () => {
    const [fit7, fit8] = [job('fit-7'), job('fit-8')];
    const changes = [
      ...[
        { ...change(1, true), ...fit7 },
        { ...change(2, true), ...fit8 },
        { ...change(3, false), ...fit7 },
      ],
      { ...change(5, false), ...fit8 },
    ];
    const firings = [
      { ...firing(1, 3), ...fit7 },
      { ...firing(2, 5), ...fit8 },
    ];
    expect(firingsOf(changes, 9)).toEqual(firings);
    const [first, second] = firings;
    expect(compareFirings([first!], [second!])).toEqual({ both: [], onlyFirst: [first], onlySecond: [second] });
  });

  it('go on where an alert rises or falls', () => {
    expect(firingsOf([change(2, true), change(4, true), change(6, false)], 9)).toEqual([firing(2, 6)]);
  });

  it('count time in which several fire once', () => {
    expect(firingMs([firing(1, 10), firing(2, 4), firing(8, 12), firing(20, 21)])).toBe(12);
  });
});

describe('firings under two sets of definitions', () => {
  it('are paired where they overlap, each with one at most', () => {
    const first = [firing(0, 10), firing(20, 30), firing(50, 60), firing(5, 6, 'other')];
    const second = [firing(2, 4), firing(6, 12), firing(30, 40), firing(55, 70), firing(5, 6, 'other', 'v2')];
    expect(compareFirings(first, second)).toEqual({
      both: [
        { first: firing(0, 10), second: firing(2, 4) },
        { first: firing(50, 60), second: firing(55, 70) },
      ],
      onlyFirst: [firing(5, 6, 'other'), firing(20, 30)],
      onlySecond: [firing(5, 6, 'other', 'v2'), firing(6, 12), firing(30, 40)],
    });
  });

  it('are all alike with themselves', () => {
    const firings = [firing(0, 10), firing(20, 30)];
    expect(compareFirings(firings, firings)).toMatchObject({ onlyFirst: [], onlySecond: [] });
  });
});

describe('a timeline', () => {
  const at = (atMs: number, state: 'pending' | 'firing' | 'inactive' | 'resolved', series = 'v1') => ({
    ...{ atMs, state, series },
  });

  it('shows of each stretch the most important state', () => {
    const changes = [at(10, 'pending'), at(20, 'firing'), at(40, 'resolved'), at(55, 'pending'), at(56, 'inactive')];
    expect(timeline(changes, { fromMs: 0, toMs: 100 }, 10)).toBe('·▒██·▒····');
  });

  it('shows what lasts to the end, and several versions in one', () => {
    const changes = [at(0, 'firing', 'v1'), at(15, 'resolved', 'v1'), at(70, 'pending', 'v2')];
    expect(timeline(changes, { fromMs: 0, toMs: 100 }, 10)).toBe('██·····▒▒▒');
  });
});
