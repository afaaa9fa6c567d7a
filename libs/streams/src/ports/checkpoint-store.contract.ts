import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { AcquiredCheckpoint, CheckpointStore, SaveResult, TaskId } from './checkpoint-store.js';
import { deadlineMs } from '../testing/eventually.js';

/** A store that a suite may use as it likes. Task ids are new in each test, so that it may be shared. */
export interface CheckpointStoreUnderTest {
  readonly store: CheckpointStore;
  /** Closes the store and removes what it leaves. */
  end(): Promise<void>;
}

/** What the port `CheckpointStore` promises, for every adapter. */
export function describeCheckpointStore(name: string, create: () => Promise<CheckpointStoreUnderTest>): void {
  describe(`${name}: a checkpoint store`, () => {
    let under: CheckpointStoreUnderTest;
    let task: TaskId;
    beforeEach(async () => {
      under = await create();
      task = `moola.test/${randomUUID()}/0`;
    }, deadlineMs);
    afterEach(() => under.end(), deadlineMs);

    describeSaving(
      () => under.store,
      () => task,
    );
    describeOwnership(
      () => under.store,
      () => task,
    );
    describeEntries(
      () => under.store,
      () => task,
    );
  });
}

type Changes = Readonly<Record<string, string | null>>;

function changesOf(changes: Changes): Map<string, Uint8Array | null> {
  return new Map(
    Object.entries(changes).map(([key, text]) => [key, text === null ? null : new TextEncoder().encode(text)]),
  );
}

/** A checkpoint as plain values, its entries by key. */
function plain({ checkpoint }: AcquiredCheckpoint) {
  if (checkpoint === null) return null;
  const entries = [...checkpoint.entries].map(([key, value]) => [key, new TextDecoder().decode(value)] as const);
  return {
    sequence: checkpoint.sequence,
    position: checkpoint.position,
    entries: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const fenced: SaveResult = { saved: false, reason: 'fenced' };

function describeSaving(store: () => CheckpointStore, task: () => TaskId): void {
  const save = (token: string, buildsOn: number, position: number, changes: Changes) =>
    store().save(task(), { token, buildsOn, position, changes: changesOf(changes) });

  describe('saving', () => {
    it('begins from nothing', async () => {
      expect(await store().acquire(task(), 'one')).toEqual({ checkpoint: null });
    });

    it('counts up the sequence, and gives back position and entries', async () => {
      await store().acquire(task(), 'one');
      expect(await save('one', 0, 7, { a: 'A', b: 'B' })).toEqual({ saved: true, sequence: 1 });
      expect(await save('one', 1, 9, { b: 'B2', c: 'C' })).toEqual({ saved: true, sequence: 2 });
      expect(plain(await store().acquire(task(), 'two'))).toEqual({
        sequence: 2,
        position: 9,
        entries: { a: 'A', b: 'B2', c: 'C' },
      });
    });

    it('deletes entries, and takes the deletion of what is not there', async () => {
      await store().acquire(task(), 'one');
      await save('one', 0, 1, { a: 'A', b: 'B' });
      expect(await save('one', 1, 2, { a: null, never: null })).toEqual({ saved: true, sequence: 2 });
      expect(plain(await store().acquire(task(), 'one'))?.entries).toEqual({ b: 'B' });
      await save('one', 2, 3, { a: 'again' });
      expect(plain(await store().acquire(task(), 'one'))?.entries).toEqual({ a: 'again', b: 'B' });
    });

    it('moves the position when nothing changed', async () => {
      await store().acquire(task(), 'one');
      await save('one', 0, 1, { a: 'A' });
      expect(await save('one', 1, 500, {})).toEqual({ saved: true, sequence: 2 });
      expect(plain(await store().acquire(task(), 'one'))).toEqual({ sequence: 2, position: 500, entries: { a: 'A' } });
    });

    it('may move the position back: the store does not judge it', async () => {
      await store().acquire(task(), 'one');
      await save('one', 0, 10, {});
      await save('one', 1, 4, {});
      expect(plain(await store().acquire(task(), 'one'))?.position).toBe(4);
    });

    it('keeps tasks apart, however alike their names', async () => {
      const ids = ['', '/', '/1', '/1/', '0'].map((suffix) => `${task()}${suffix}`);
      for (const id of ids) {
        await store().acquire(id, 'one');
        await store().save(id, { token: 'one', buildsOn: 0, position: 1, changes: changesOf({ key: id, [id]: 'x' }) });
      }
      for (const id of ids) {
        expect(plain(await store().acquire(id, 'two'))?.entries).toEqual({ key: id, [id]: 'x' });
      }
    });
  });
}

function describeOwnership(store: () => CheckpointStore, task: () => TaskId): void {
  const save = (token: string, buildsOn: number, changes: Changes = {}) =>
    store().save(task(), { token, buildsOn, position: buildsOn + 1, changes: changesOf(changes) });

  describe('ownership', () => {
    it('passes to who acquired last: whoever had it is fenced and writes nothing', async () => {
      await store().acquire(task(), 'one');
      await save('one', 0, { a: 'A' });
      await store().acquire(task(), 'two');
      expect(await save('one', 1, { a: 'zombie', b: 'zombie' })).toEqual(fenced);
      expect(await save('two', 1, { c: 'C' })).toEqual({ saved: true, sequence: 2 });
      expect(plain(await store().acquire(task(), 'three'))?.entries).toEqual({ a: 'A', c: 'C' });
    });

    it('does not suffice: a save that builds on another sequence is fenced and writes nothing', async () => {
      await store().acquire(task(), 'one');
      await save('one', 0, { a: 'A' });
      await save('one', 1, { a: 'A2' });
      expect(await save('one', 0, { a: 'old' })).toEqual(fenced);
      expect(await save('one', 1, { a: 'old' })).toEqual(fenced);
      expect(await save('one', 3, { a: 'new' })).toEqual(fenced);
      expect(plain(await store().acquire(task(), 'one'))).toEqual({ sequence: 2, position: 2, entries: { a: 'A2' } });
    });

    it('is asked for with both: a sequence that fits does not excuse another token', async () => {
      await store().acquire(task(), 'one');
      expect(await save('two', 0)).toEqual(fenced);
      expect(await save('', 0)).toEqual(fenced);
      expect(await save('one', 0)).toEqual({ saved: true, sequence: 1 });
    });

    it('is nobody’s before the first acquisition', async () => {
      expect(await store().owns(task(), 'one')).toBe(false);
      expect(await store().owns(task(), '')).toBe(false);
      expect(await save('one', 0)).toEqual(fenced);
      expect(await save('', 0)).toEqual(fenced);
      expect(await store().owns(task(), '')).toBe(false);
      expect(await store().acquire(task(), 'one')).toEqual({ checkpoint: null });
    });

    it('can be asked for', async () => {
      await store().acquire(task(), 'one');
      expect(await store().owns(task(), 'one')).toBe(true);
      await store().acquire(task(), 'two');
      expect(await store().owns(task(), 'one')).toBe(false);
      expect(await store().owns(task(), 'two')).toBe(true);
      expect(await store().owns(`${task()}x`, 'two')).toBe(false);
    });

    it('lets one of two saves that build on the same state through', async () => {
      await store().acquire(task(), 'one');
      const results = await Promise.all([save('one', 0, { a: '1' }), save('one', 0, { a: '2' })]);
      expect(results.filter(({ saved }) => saved)).toEqual([{ saved: true, sequence: 1 }]);
      const winner = results.findIndex(({ saved }) => saved) + 1;
      expect(plain(await store().acquire(task(), 'one'))?.entries).toEqual({ a: `${winner}` });
    });

    it('of several who acquire at once is one’s in the end, and all saw the same state', async () => {
      await store().acquire(task(), 'before');
      await save('before', 0, { a: 'A' });
      const tokens = ['one', 'two', 'three', 'four'];
      const states = await Promise.all(tokens.map((token) => store().acquire(task(), token)));
      for (const state of states) expect(plain(state)).toEqual({ sequence: 1, position: 1, entries: { a: 'A' } });
      const owners = await Promise.all(tokens.map((token) => store().owns(task(), token)));
      expect(owners.filter((owns) => owns)).toHaveLength(1);
    });

    it('taken in the midst of saves gives a state that is whole, and that nobody changes any more', async () => {
      for (let round = 0; round < 20; round++) {
        const owner = `owner ${round}`;
        const begun = plain(await store().acquire(task(), owner))?.sequence ?? 0;
        const saves = Array.from({ length: 6 }, (_, n) =>
          save(owner, begun + n, { a: `${begun + n}`, b: `${begun + n}` }),
        );
        const taken = plain(await store().acquire(task(), `successor ${round}`));
        await Promise.all(saves);
        const { a, b } = taken?.entries ?? {};
        expect([a, b]).toEqual(taken ? [`${taken.sequence - 1}`, `${taken.sequence - 1}`] : [undefined, undefined]);
        expect(plain(await store().acquire(task(), `check ${round}`))).toEqual(taken);
      }
    });
  });
}

function describeEntries(store: () => CheckpointStore, task: () => TaskId): void {
  const saved = async (entries: ReadonlyMap<string, Uint8Array>) => {
    await store().acquire(task(), 'one');
    const result = await store().save(task(), { token: 'one', buildsOn: 0, position: 1, changes: entries });
    expect(result).toEqual({ saved: true, sequence: 1 });
    return (await store().acquire(task(), 'two')).checkpoint?.entries ?? new Map<string, Uint8Array>();
  };
  const expectSame = (found: ReadonlyMap<string, Uint8Array>, expected: ReadonlyMap<string, Uint8Array>) => {
    expect(new Set(found.keys())).toEqual(new Set(expected.keys()));
    for (const [key, value] of expected) expect(Buffer.compare(found.get(key) as Uint8Array, value)).toBe(0);
  };

  describe('entries', () => {
    it('keep every byte of their values', async () => {
      const entries = new Map([
        ['none', new Uint8Array(0)],
        ['zeros', new Uint8Array(100)],
        ['all', Uint8Array.from({ length: 256 }, (_, index) => index)],
        ['view', Buffer.from('before-this-after').subarray(7, 11)],
      ]);
      expectSame(await saved(entries), entries);
    });

    it('have keys of any kind and length', async () => {
      const keys = [
        'a',
        'a/',
        'a/b',
        'Ä',
        '模型',
        '\u0000',
        'a\u0000b',
        '🙂',
        ' ',
        'k'.repeat(1000),
        'k'.repeat(5000),
        `${'k'.repeat(4999)}x`,
      ];
      const entries = new Map(keys.map((key, index) => [key, Uint8Array.of(index)]));
      expectSame(await saved(entries), entries);
      const changes = new Map<string, null>(keys.map((key) => [key, null]));
      await store().save(task(), { token: 'two', buildsOn: 1, position: 2, changes });
      expect((await store().acquire(task(), 'three')).checkpoint?.entries.size).toBe(0);
    });

    it(
      'may be many and large in one save',
      async () => {
        const entries = new Map<string, Uint8Array>([['large', new Uint8Array(5_000_000).fill(3)]]);
        for (let n = 0; n < 4000; n++) entries.set(`series/${n}`, new Uint8Array(1000).fill(n % 256));
        expectSame(await saved(entries), entries);
      },
      deadlineMs,
    );

    it('do not follow what the caller does to its bytes afterwards', async () => {
      const value = Uint8Array.of(1, 2, 3);
      await store().acquire(task(), 'one');
      await store().save(task(), { token: 'one', buildsOn: 0, position: 1, changes: new Map([['a', value]]) });
      value.fill(9);
      const found = (await store().acquire(task(), 'two')).checkpoint?.entries.get('a') as Uint8Array;
      expect([...found]).toEqual([1, 2, 3]);
    });
  });
}
