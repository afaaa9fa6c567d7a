import { describe, expect, it } from '@jest/globals';
import { about, heldBack } from './about';

const onVersion = { version: 'v7', subject: null, segment: null };

describe('what an alert is about', () => {
  it.each([
    [onVersion, 'v7'],
    [{ ...onVersion, segment: { key: 'country', value: 'de', other: false } }, 'v7, country de'],
    [{ ...onVersion, segment: { key: 'country', value: '', other: true } }, 'v7, country, others'],
    [{ version: '', subject: { kind: 'job' as const, name: 'fit-7' }, segment: null }, 'job fit-7'],
  ])('%j: %s', (alert, text) => {
    expect(about(alert)).toBe(text);
  });

  it('says what holds it back', () => {
    expect(heldBack({ rule: 'ByCountry', inhibitedBy: '' })).toBe('');
    expect(heldBack({ rule: 'ByCountry', inhibitedBy: 'Everywhere' })).toBe('inhibited: Everywhere fires');
    expect(heldBack({ rule: 'ByCountry', inhibitedBy: 'ByCountry' })).toContain('as many alerts firing as it may');
  });
});
