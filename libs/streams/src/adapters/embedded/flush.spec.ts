import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFile, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bytesOf } from '../../ports/event-log.contract-values.js';
import { startChild } from './child-process.js';
import { openEmbedded, type Embedded, type EmbeddedOptions } from './open-embedded.js';
import { SharedFlush } from './shared-flush.js';
import { temporaryFolder } from './temporary-folder.js';

const topic = { name: 'intake', partitions: 1, retentionMs: null, retentionBytes: null };
const at = { topic: 'intake', partition: 0 };

describe('what the world sees', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const toClose: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder());
  });
  afterEach(async () => {
    for (const close of toClose.splice(0)) await close();
    await remove();
  });
  /** Posts an event to a door on an embedded log, and gives the status of the answer. */
  const post = async (options: Pick<EmbeddedOptions, 'aroundFlush'>): Promise<number> => {
    const embedded = await openEmbedded({ folder, ...options });
    toClose.push(embedded.close);
    await embedded.log.createTopics([topic]);
    const door = await startDoor(embedded);
    toClose.unshift(() => new Promise((resolve) => door.close(resolve)));
    const { port } = door.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'event' })).status;
  };

  it('leaves after the flush that it promises, and not before', async () => {
    const order: string[] = [];
    let answered = false;
    const status = await post({
      async aroundFlush(flush) {
        order.push('flush begins');
        // A disk that takes its time: until an answer slips out, or many turns have passed without one.
        for (let turn = 0; turn < 200 && !answered; turn++) await new Promise(setImmediate);
        await flush();
        order.push('flush ended');
      },
    });
    answered = true;
    order.push(`answer ${status}`);
    expect(order).toEqual(['flush begins', 'flush ended', 'answer 202']);
  });

  it('does not leave as a success when the flush fails', async () => {
    expect(await post({ aroundFlush: () => Promise.reject(new Error('the disk is gone')) })).toBe(500);
  });

  it('is on the disk: LMDB’s own record of what is flushed holds it, log and checkpoint alike', async () => {
    const embedded = await openEmbedded({ folder });
    await embedded.log.createTopics([topic]);
    await embedded.store.acquire('task', 'token');
    for (let n = 0; n < 10; n++) {
      await embedded.log.append(at, bytesOf(`${n}`));
      const changes = new Map([['n', Uint8Array.of(n)]]);
      await embedded.store.save('task', { token: 'token', buildsOn: n, position: n + 1, changes });
      await embedded.log.flushed();
      // As after a power cut: a copy that is opened at what the third meta page says, whatever came after it.
      const copy = join(folder, `copy-${n}`);
      await mkdir(copy);
      for (const file of ['data.mdb', 'format.json']) await copyFile(join(folder, file), join(copy, file));
    }
    await embedded.close();
    const child = startChild('flush.child.ts', [folder], ['env', 'LMDB_RESTORE=safe']);
    const found: unknown[] = [];
    for await (const line of child.lines) found.push(line);
    expect(await child.ended).toBe('');
    expect(found).toEqual(Array.from({ length: 10 }, (_, n) => ({ n, next: n + 1, sequence: n + 1, state: [n] })));
  }, 300_000);
});

describe('a shared flush', () => {
  it('is not one that began before the caller’s records were written', async () => {
    const ends: (() => void)[] = [];
    const shared = new SharedFlush(() => new Promise((resolve) => ends.push(resolve)));
    const order: string[] = [];
    const wait = (who: string) => shared.run().then(() => order.push(who));
    const first = wait('first');
    const second = wait('second');
    const third = wait('third');
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await first;
    await new Promise(setImmediate);
    expect(order).toEqual(['first']);
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await Promise.all([second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
    expect(ends).toHaveLength(2);
  });

  it('that fails is followed by one that may succeed', async () => {
    const outcomes = [Promise.reject(new Error('bad sector')), Promise.resolve()];
    const shared = new SharedFlush(() => outcomes.shift() as Promise<void>);
    const [first, second] = await Promise.allSettled([shared.run(), shared.run()]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });
});

/** A door as the collector has one: it answers when the event is durable. */
async function startDoor({ log }: Embedded): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        await log.append(at, [Buffer.concat(chunks)], 'request');
        await log.flushed();
        response.writeHead(202).end();
      })().catch(() => response.writeHead(500).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
