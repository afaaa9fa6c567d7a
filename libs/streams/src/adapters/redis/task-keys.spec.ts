import { describe, expect, it } from '@jest/globals';
import { Command } from 'ioredis';
import { headPattern, taskKeys, taskOfHead } from './task-keys.js';

const ids = ['live/tracker/0', 'live/tracker/0:head', '{', '}', '}{', 'a}b', '%7D', 'a:entries', '{live}/x', 'ä *?[x]'];

describe('keys of a task', () => {
  it('lie in one hash slot', () => {
    for (const id of ids) {
      const slots = taskKeys('p:', id).all.map((key) => new Command('get', [key]).getSlot());
      expect(new Set(slots).size).toBe(1);
    }
  });

  it('are no other task’s', () => {
    const keys = ids.flatMap((id) => taskKeys('p:', id).all);
    expect(new Set(keys).size).toBe(3 * ids.length);
  });

  it('name their task', () => {
    for (const id of ids) expect(taskOfHead('p:', taskKeys('p:', id).head)).toBe(id);
    expect(taskOfHead('p:', 'q:{a}:head')).toBe(null);
    expect(taskOfHead('p:', taskKeys('p:', 'a').entries)).toBe(null);
  });

  it('are found by the beginning of its id, whatever it holds', () => {
    expect(headPattern('p:', 'live/*[')).toBe('p:{live/\\*\\[*}:head');
  });
});
