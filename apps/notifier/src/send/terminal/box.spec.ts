import { describe, expect, it } from '@jest/globals';
import { noticeFor } from '../../story/attempts.js';
import { box } from './box.js';

describe('box', () => {
  it('shows a notification', () => {
    expect(box(noticeFor('slack/team'))).toBe(
      [
        '┌ CRITICAL  2008-06-27 14:03  slack/team',
        '│ CRITICAL SimpleLSTM: Accuracy 24 %, limit 80 %, v2, since 14:01 UTC',
        '│ Accuracy < 80 % on v2 & falling.',
        '│ Incident SimpleLSTM~AccuracyDrop~1.',
        '│ Incident: https://moola.example.com/?environment=example#/incidents/1',
        '│ Runbook: https://wiki.example.org/accuracy',
        '└ SimpleLSTM~AccuracyDrop~1',
        '',
      ].join('\n'),
    );
  });

  it('wraps long lines, and lets nothing move the cursor', () => {
    const text = box(
      noticeFor('slack/team', { title: 'a\u001b[2Jb\u0007', text: `${'word '.repeat(40)}\n${'x'.repeat(200)}` }),
    );
    expect(text).toContain('│ a [2Jb\n');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBe(98);
  });
});
