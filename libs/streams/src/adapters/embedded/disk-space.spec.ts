import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbedded, type Embedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

const megabyte = 1_000_000;

describe('the space that the embedded log takes', () => {
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
  const fileBytes = async () => (await stat(join(folder, 'data.mdb'))).size;
  const topic = (name: string, retentionBytes: number | null) => ({
    name,
    partitions: 1,
    retentionMs: null,
    retentionBytes,
  });

  it('is bounded: many times its retention is written into a file that does not grow, a slow reader notwithstanding', async () => {
    const at = { topic: 'a', partition: 0 };
    await embedded.log.createTopics([topic('a', megabyte)]);
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let holding!: () => void;
    const handed = new Promise<void>((resolve) => (holding = resolve));
    const slow = await embedded.log.join('slow', 'a', {
      assigned: async () => 0,
      async batch() {
        holding();
        await held;
      },
      revoked: async () => undefined,
    });
    const writeRetentionOnce = async () => {
      for (let n = 0; n < 20; n++) {
        await embedded.log.append(
          at,
          Array.from({ length: 50 }, () => new Uint8Array(1000)),
        );
        await embedded.enforceRetention();
      }
    };
    await writeRetentionOnce();
    await handed;
    for (let n = 0; n < 4; n++) await writeRetentionOnce();
    const settled = await fileBytes();
    for (let n = 0; n < 15; n++) await writeRetentionOnce();
    expect(await fileBytes()).toBeLessThanOrEqual(settled * 1.1);
    expect(settled).toBeLessThan(5 * megabyte);
    const { first, next } = await embedded.log.bounds(at);
    expect(next).toBe(20_000);
    expect(next - first).toBeLessThanOrEqual(1050);
    letGo();
    await expect(slow.failed).rejects.toThrow('holds offsets'); // It comes too late for its next record.
    await slow.close();
  }, 300_000);

  it.each([
    { batch: 1, bytes: 100, overhead: 1.9 },
    { batch: 1, bytes: 1000, overhead: 1.5 },
    { batch: 100, bytes: 200, overhead: 1.25 },
    { batch: 100, bytes: 1000, overhead: 1.15 },
  ])('is at most $overhead times $batch × $bytes bytes an append', async ({ batch, bytes, overhead }) => {
    const at = { topic: 'a', partition: 0 };
    await embedded.log.createTopics([topic('a', null)]);
    const before = await fileBytes();
    const appends = 1000;
    for (let n = 0; n < appends; n++) {
      await embedded.log.append(
        at,
        Array.from({ length: batch }, () => new Uint8Array(bytes)),
      );
    }
    expect((await fileBytes()) - before).toBeLessThan(appends * batch * bytes * overhead);
  });
});
