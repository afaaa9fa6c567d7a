import { describe, expect, it } from '@jest/globals';
import { Repeated } from './repeated.js';

const text = (bytes: Buffer, start: number, end: number) => bytes.toString('latin1', start, end);

describe('what repeats', () => {
  it('is found by its bytes, however many share a place', () => {
    const repeated = new Repeated(text);
    const wrong: string[] = [];
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 50_000; i++) {
        const name = `model-${String(i).padStart(6, '0')}`;
        if (repeated.get(Buffer.from(`>${name}<`), 1, name.length + 1) !== name) wrong.push(name);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('is made once, unless it is long', () => {
    let made = 0;
    const repeated = new Repeated((bytes, start, end) => {
      made++;
      return text(bytes, start, end);
    });
    const get = (value: string) => repeated.get(Buffer.from(value), 0, value.length);
    for (let i = 0; i < 3; i++) expect([get('fraud'), get('x'.repeat(64))]).toEqual(['fraud', 'x'.repeat(64)]);
    expect(made).toBe(2);
    for (let i = 0; i < 3; i++) expect(get('y'.repeat(65))).toBe('y'.repeat(65));
    expect(made).toBe(5);
  });

  it('is asked for again when nothing could be made of it', () => {
    const answers = [null, 'now'];
    const repeated = new Repeated(() => answers.shift() ?? null);
    const bytes = Buffer.from('a');
    expect([repeated.get(bytes, 0, 1), repeated.get(bytes, 0, 1), repeated.get(bytes, 0, 1)]).toEqual([
      null,
      'now',
      'now',
    ]);
  });
});
