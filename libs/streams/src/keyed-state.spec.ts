import { describe, expect, it } from '@jest/globals';
import { jsonEntry, KeyedState } from './keyed-state.js';
import { Random } from './simulated/random.js';

const create = (entries: ReadonlyMap<string, Uint8Array> = new Map()): KeyedState<number> =>
  new KeyedState('n/', jsonEntry<number>(1), entries);

describe('keyed state', () => {
  it('behaves like a map that iterates by key, and is the same after any checkpoint', () => {
    const random = new Random(3);
    const stored = new Map<string, Uint8Array>([['other/1', Uint8Array.of(9)]]);
    const expected = new Map<string, number>();
    let state = create(stored);
    for (let i = 0; i < 5000; i++) {
      const key = `k${random.below(40)}`;
      const choice = random.below(10);
      if (choice < 4) {
        state.set(key, i);
        expected.set(key, i);
      } else if (choice < 7) {
        state.delete(key);
        expected.delete(key);
      } else if (choice < 8) {
        state.change(key, () => i);
        if (!expected.has(key)) expected.set(key, i);
      } else if (choice < 9) {
        const inOrder = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...state.entries()]).toEqual(inOrder);
        expect(state.size).toBe(expected.size);
      } else {
        const changes = new Map<string, Uint8Array | null>();
        state.takeChanges(changes);
        for (const [changed, bytes] of changes) bytes === null ? stored.delete(changed) : stored.set(changed, bytes);
        if (random.chance(0.3)) state = create(new Map(random.shuffled(stored)));
      }
    }
    expect(stored.get('other/1')).toEqual(Uint8Array.of(9));
  });

  it('says nothing of what came and went between two checkpoints', () => {
    const state = create();
    state.set('a', 1);
    state.delete('a');
    state.set('b', 1);
    const changes = new Map<string, Uint8Array | null>();
    state.takeChanges(changes);
    expect([...changes.keys()]).toEqual(['n/b']);
    state.delete('b');
    changes.clear();
    state.takeChanges(changes);
    expect([...changes]).toEqual([['n/b', null]]);
  });

  it('iterates over the keys as they were when the iteration began', () => {
    const state = create();
    for (const key of ['a', 'b', 'c']) state.set(key, 1);
    const seen: string[] = [];
    for (const [key] of state.entries()) {
      seen.push(key);
      state.delete('b');
      state.set('d', 2);
    }
    expect(seen).toEqual(['a', 'c']);
    expect(state.keys()).toEqual(['a', 'c', 'd']);
  });
});
