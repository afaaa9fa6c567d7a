import { create as message } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { jsonEntry, KeyedState } from './keyed-state.js';
import { messageEntry } from './message-entry.js';
import { Random } from '../adapters/simulated/random.js';

const create = (entries: ReadonlyMap<string, Uint8Array> = new Map()): KeyedState<number> =>
  new KeyedState('n/', jsonEntry<number>(1), entries);

describe('an entry of an older format', () => {
  const named = jsonEntry<{ readonly name: string }>(2, { 1: (name) => ({ name: name as string }) });
  const stored = new Map([['n/a', jsonEntry<string>(1).encode('Ada')]]);

  it('is upgraded when it is read, and written anew at the next checkpoint', () => {
    const state = new KeyedState('n/', named, stored);
    expect(state.get('a')).toEqual({ name: 'Ada' });
    const changes = new Map<string, Uint8Array | null>();
    state.takeChanges(changes);
    expect([...changes.keys()]).toEqual(['n/a']);
    expect(new KeyedState('n/', named, changes as Map<string, Uint8Array>).get('a')).toEqual({ name: 'Ada' });
  });

  it('that nothing upgrades is an error that names the entry, and says whether a newer version wrote it', () => {
    const read = (format: number) => new KeyedState('n/', jsonEntry(format), stored);
    expect(() => read(3)).toThrow('checkpoint entry n/a has format 1, which this version reads no more (it writes 3)');
    expect(() => read(0)).toThrow(
      'checkpoint entry n/a has format 1, this version reads up to 0: run the version that',
    );
  });

  it('that is a message is upgraded likewise', () => {
    const upgraded = messageEntry(DefinitionSchema, 2, { 1: (old) => ({ ...old, name: `${old.name} upgraded` }) });
    const bytes = messageEntry(DefinitionSchema, 1).encode(message(DefinitionSchema, { name: 'churn' }));
    expect(upgraded.decode(bytes).name).toBe('churn upgraded');
    expect(upgraded.decode(upgraded.encode(message(DefinitionSchema, { name: 'churn' }))).name).toBe('churn');
  });
});

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
