import { describe, expect, it } from '@jest/globals';
import { dedupKey } from './dedup-key.js';
import { spoken } from '@moola/wording/durations';
import { dollars } from '@moola/wording/money';

describe('wording', () => {
  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [5_000, '5 s'],
    [300_000, '5 min'],
    [5_400_000, '1 h 30 min'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h'],
    [273_600_000, '3 d 4 h'],
  ])('says %d ms as %s', (ms, text) => {
    expect(spoken(ms)).toBe(text);
  });

  it.each([
    [0, '$0.00'],
    [0.12, '$0.12'],
    [0.0042, '$0.0042'],
    [1204.5, '$1,204.50'],
    [1234567.891, '$1,234,567.89'],
    [-3, '-$3.00'],
  ])('says %d dollars as %s', (usd, text) => {
    expect(dollars(usd)).toBe(text);
  });

  it('gives every incident a deduplication key of its own', () => {
    expect(dedupKey('live', 'a~b~1')).toBe('moola.live.a~b~1');
    const long = 'x'.repeat(300);
    expect(dedupKey('live', `${long}~b~1`)).not.toBe(dedupKey('live', `${long}y~b~1`));
  });
});
