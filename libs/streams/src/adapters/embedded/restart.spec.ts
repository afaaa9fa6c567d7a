import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textsOf, bytesOf } from '../../ports/event-log.contract-values.js';
import { openEmbedded, type Embedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

const topic = (name: string, retentionBytes: number | null = null) => ({
  name,
  partitions: 2,
  retentionMs: null,
  retentionBytes,
});

describe('after a restart', () => {
  let folder: string;
  let remove: () => Promise<void>;
  let embedded: Embedded;
  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder());
    embedded = await openEmbedded({ folder });
  });
  afterEach(async () => {
    await embedded.close();
    await remove();
  });
  const restart = async () => {
    await embedded.close();
    embedded = await openEmbedded({ folder });
  };

  it('topics, records and offsets are as they were', async () => {
    await embedded.log.createTopics([topic('a'), topic('b')]);
    await embedded.log.append({ topic: 'a', partition: 1 }, bytesOf('one', 'two'));
    await embedded.log.append({ topic: 'a', partition: 1 }, bytesOf('three'));
    await restart();
    expect(await embedded.log.partitionCount('b')).toBe(2);
    expect(await embedded.log.bounds({ topic: 'a', partition: 0 })).toEqual({ first: 0, next: 0 });
    expect(await embedded.log.bounds({ topic: 'a', partition: 1 })).toEqual({ first: 0, next: 3 });
    expect(textsOf((await embedded.log.read({ topic: 'a', partition: 1 }, 1, 100)).records)).toEqual(['two', 'three']);
    expect(await embedded.log.append({ topic: 'a', partition: 1 }, bytesOf('four'))).toBe(3);
  });

  it('what retention removed stays removed, and it goes on from the size that was', async () => {
    const at = { topic: 'a', partition: 0 };
    await embedded.log.createTopics([topic('a', 100_000)]);
    const append = async (count: number) => {
      for (let n = 0; n < count; n++) await embedded.log.append(at, [new Uint8Array(10_000)]);
    };
    await append(30);
    await embedded.enforceRetention();
    const { first } = await embedded.log.bounds(at);
    expect(first).toBeGreaterThanOrEqual(20);
    await restart();
    expect(await embedded.log.bounds(at)).toEqual({ first, next: 30 });
    await embedded.enforceRetention();
    expect((await embedded.log.bounds(at)).first).toBe(first);
    await append(3);
    await embedded.enforceRetention();
    expect((await embedded.log.bounds(at)).first).toBe(first + 3);
  });

  it('a shorter retention that was asked for is still in force', async () => {
    const at = { topic: 'a', partition: 0 };
    await embedded.log.createTopics([topic('a')]);
    for (let n = 0; n < 5; n++) await embedded.log.append(at, [new Uint8Array(10_000)]);
    await embedded.log.createTopics([topic('a', 1)]);
    await restart();
    await embedded.enforceRetention();
    expect(await embedded.log.bounds(at)).toEqual({ first: 4, next: 5 });
  });

  it('checkpoints are as they were, and tasks that only tried do not get mixed up with others', async () => {
    const save = (task: string, buildsOn: number) =>
      embedded.store.save(task, {
        token: 'token',
        buildsOn,
        position: buildsOn + 1,
        changes: new Map([[task, new Uint8Array(3)]]),
      });
    await embedded.store.acquire('one', 'token');
    await save('one', 0);
    await save('never acquired', 0);
    await embedded.store.acquire('three', 'token');
    await save('three', 0);
    await restart();
    expect(await embedded.store.owns('three', 'token')).toBe(true);
    expect(await save('three', 1)).toEqual({ saved: true, sequence: 2 });
    await embedded.store.acquire('four', 'token');
    await save('four', 0);
    for (const [task, sequence] of [
      ['one', 1],
      ['three', 2],
      ['four', 1],
    ] as const) {
      const { checkpoint } = await embedded.store.acquire(task, 'next');
      expect(checkpoint).toEqual({ sequence, position: sequence, entries: new Map([[task, new Uint8Array(3)]]) });
    }
  });

  it('and after closing, nothing is taken in any more', async () => {
    await embedded.log.createTopics([topic('a')]);
    await embedded.close();
    await expect(embedded.log.append({ topic: 'a', partition: 0 }, bytesOf('late'))).rejects.toThrow('closed');
    await embedded.close();
  });
});
