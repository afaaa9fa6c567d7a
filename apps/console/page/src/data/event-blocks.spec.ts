import { describe, expect, it } from '@jest/globals';
import { EventBlocks } from './event-blocks';

const text = 'event: change\ndata: {"environment":"live"}\n\nid: 7\ndata: first\ndata: second\n\n: only a comment\n\n';
const events = [
  { type: 'change', data: '{"environment":"live"}' },
  { type: 'message', data: 'first\nsecond' },
];

describe('server-sent events', () => {
  it('are whole when their block has ended', () => {
    const blocks = new EventBlocks();
    expect(blocks.take('event: change\ndata: 1\n')).toEqual([]);
    expect(blocks.take('\n')).toEqual([{ type: 'change', data: '1' }]);
  });

  it('are the same wherever the chunks end', () => {
    for (let size = 1; size <= text.length; size++) {
      const blocks = new EventBlocks();
      const seen = [];
      for (let at = 0; at < text.length; at += size) seen.push(...blocks.take(text.slice(at, at + size)));
      expect(seen).toEqual(events);
    }
  });

  it('may end their lines as Windows does', () => {
    expect(new EventBlocks().take('event: change\r\ndata: 1\r\n\r\n')).toEqual([{ type: 'change', data: '1' }]);
  });
});
