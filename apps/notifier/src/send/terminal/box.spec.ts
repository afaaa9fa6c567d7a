import { describe, expect, it } from '@jest/globals';
import { intentFor } from '../../story/attempts.js';
import { box } from './box.js';

describe('box', () => {
  it('shows a notification', () => {
    expect(box(intentFor('slack/team'))).toBe(
      [
        '┌ CRITICAL  2008-06-27 14:03  slack/team',
        '│ CRITICAL SimpleLSTM: accuracy < 80 %',
        '│ Accuracy 0.24 is below 0.80 on v2 & falling.',
        '│ Incident SimpleLSTM~AccuracyDrop~1.',
        '└ SimpleLSTM~AccuracyDrop~1',
        '',
      ].join('\n'),
    );
  });

  it('wraps long lines, and lets nothing move the cursor', () => {
    const text = box(
      intentFor('slack/team', { title: 'a\u001b[2Jb\u0007', text: `${'word '.repeat(40)}\n${'x'.repeat(200)}` }),
    );
    expect(text).toContain('│ a [2Jb\n');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBe(98);
  });
});
