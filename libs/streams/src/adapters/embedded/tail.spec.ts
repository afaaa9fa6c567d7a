import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bytesOf, textsOf } from '../../ports/event-log.contract-values.js';
import type { AppendOrigin } from '../../ports/event-log.js';
import { openEmbedded, type Embedded } from './open-embedded.js';
import { Tail, type PendingAppend } from './tail.js';
import { temporaryFolder } from './temporary-folder.js';

describe('what is not committed yet', () => {
  const append = (origin: AppendOrigin, ...texts: string[]): PendingAppend => ({
    values: bytesOf(...texts),
    origin,
    appendedAtMs: 5,
  });
  const seen = (tail: Tail, from: number) =>
    [...tail.from(from)].map((record) => `${record.offset} ${textsOf([record])[0]}`);

  it('is seen in order, when it comes from inside', () => {
    const tail = new Tail(7);
    tail.add(append('inside', 'a', 'b'));
    tail.add(append('inside', 'c'));
    expect(tail.end).toBe(10);
    expect(seen(tail, 7)).toEqual(['7 a', '8 b', '9 c']);
    expect(seen(tail, 9)).toEqual(['9 c']);
    expect([...tail.from(8)][0]?.appendedAtMs).toBe(5);
  });

  it('is not seen when it comes from a door, nor what stands behind a door’s', () => {
    const tail = new Tail(0);
    tail.add(append('inside', 'a'));
    tail.add(append('request', 'b', 'c'));
    tail.add(append('inside', 'd'));
    expect(seen(tail, 0)).toEqual(['0 a']);
    tail.commit(1);
    expect(seen(tail, 1)).toEqual([]);
    tail.commit(1);
    expect(tail.end).toBe(4);
    expect(seen(tail, 3)).toEqual(['3 d']);
    tail.commit(1);
    expect(tail.end).toBe(4);
    expect(seen(tail, 4)).toEqual([]);
  });

  it('moves up when a door’s is refused', () => {
    const tail = new Tail(0);
    const refused = append('request', 'b');
    tail.add(append('inside', 'a'));
    tail.add(refused);
    tail.add(append('inside', 'c'));
    tail.remove(refused);
    tail.remove(refused);
    expect(seen(tail, 0)).toEqual(['0 a', '1 c']);
  });
});

describe('an append to the embedded log', () => {
  const at = { topic: 'intake', partition: 0 };
  let remove: () => Promise<void>;
  let embedded: Embedded;
  const order: string[] = [];
  const note = (text: string) => () => void order.push(text);
  beforeEach(async () => {
    const folder = await temporaryFolder();
    remove = folder.remove;
    embedded = await openEmbedded({
      folder: folder.path,
      async aroundFlush(flush) {
        await new Promise(setImmediate); // Far less than a commit takes: it waits for two of these itself.
        note('flush')();
        await flush();
      },
    });
    await embedded.log.createTopics([{ name: at.topic, partitions: 1, retentionMs: null, retentionBytes: null }]);
    order.length = 0;
  });
  afterEach(async () => {
    await embedded.close();
    await remove();
  });

  it('from inside is read and waited for before it is acknowledged, one of a door is not', async () => {
    const { log } = embedded;
    const inside = log.append(at, bytesOf('a')).then(note('acknowledged'));
    await log.waitFor(at, 0, new AbortController().signal).then(note('seen'));
    expect(textsOf((await log.read(at, 0, 100)).records)).toEqual(['a']);
    await inside;
    expect(order).toEqual(['seen', 'acknowledged']);

    const door = log.append(at, bytesOf('b'), 'request').then(note('door acknowledged'));
    await log.waitFor(at, 1, new AbortController().signal).then(note('door seen'));
    await door;
    expect(order.slice(2).sort()).toEqual(['door acknowledged', 'door seen']);
    expect(textsOf((await log.read(at, 0, 100)).records)).toEqual(['a', 'b']);
  });

  it('that was seen is committed before a flush that was asked for afterwards', async () => {
    void embedded.log.append(at, bytesOf('a')).then(note('committed'));
    expect((await embedded.log.bounds(at)).next).toBe(1);
    await embedded.log.flushed();
    expect(order).toEqual(['committed', 'flush']);
  });

  it('has the same append time before and after its commit', async () => {
    const { log } = embedded;
    const appends = Array.from({ length: 5 }, (_, n) => {
      // In one turn, so in one commit, and not at the same time.
      for (const start = Date.now(); Date.now() === start;);
      return log.append(at, bytesOf(`${n}`));
    });
    const before: number[] = [];
    for (let offset = 0; offset < appends.length; offset++) {
      await log.waitFor(at, offset, new AbortController().signal);
      before.push(...(await log.read(at, offset, 1)).records.map(({ appendedAtMs }) => appendedAtMs));
    }
    await Promise.all(appends);
    const { records } = await log.read(at, 0, 1e6);
    expect(new Set(before).size).toBe(appends.length);
    expect(records.map(({ appendedAtMs }) => appendedAtMs)).toEqual(before);
  });
});
