import { describe, expect, it } from '@jest/globals';
import { prediction } from '../join/story/events.js';
import { contentId } from './event-id.js';

describe('the id of a prediction that came without one', () => {
  const row = { ...prediction({ input: 'order-1' }), id: '' };

  it('is the same as before there were columns that came later', () => {
    expect(contentId(row)).toBe('sha256-4106d19fef25b07c14b5d5cc668ade09');
  });

  it('tells apart what differs in a column that came later', () => {
    expect(new Set(['', 'a', 'b'].map((unit) => contentId({ ...row, unit }))).size).toBe(3);
  });
});
