import { describe, expect, it } from '@jest/globals';
import { postMortemFile } from './post-mortem-file.js';

describe('the file of a post-mortem', () => {
  it('is named as its incident where every file system takes that', () => {
    expect(postMortemFile('fraud-eu~accuracy_drop~12')).toBe('fraud-eu~accuracy_drop~12.md');
  });

  it('reads as its incident, and ends in a hash of it, where capitals and marks could be lost', () => {
    expect(postMortemFile('Fraud~Drop~1')).toMatch(/^Fraud~Drop~1~[0-9a-f]{16}\.md$/);
    expect(postMortemFile('../a b/ü~Drop~1')).toMatch(/^_\._a_b__~Drop~1~[0-9a-f]{16}\.md$/);
  });

  it('is another one for every other incident, on any file system', () => {
    const long = 'x'.repeat(256);
    const ids = [
      ...[
        'fraud',
        'Fraud',
        'FRAUD',
        'fr/aud',
        'fr_aud',
        'fr aud',
        'fräud',
        'fra\u0308ud',
        'fräud~',
        '.fraud',
        '_fraud',
      ],
      ...[long, `${long.slice(1)}y`, `${long}~Drop~1`.slice(0, 160), 'con', 'fraud~drop~1'],
    ].flatMap((model) => [`${model}~drop~1`, `${model}~drop~11`, `${model}~Drop~1`]);
    const names = ids.map((id) => postMortemFile(id).normalize('NFC').toLowerCase());
    expect(new Set(names).size).toBe(ids.length);
    for (const name of names) {
      expect(Buffer.byteLength(name)).toBeLessThan(200);
      expect(name).toMatch(/^[a-z0-9_][a-z0-9._~-]*\.md$/);
    }
  });
});
