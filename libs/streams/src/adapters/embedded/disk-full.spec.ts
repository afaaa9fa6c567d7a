import { describe, expect, it } from '@jest/globals';
import { DiskFullError } from '../../ports/event-log.js';
import { eventually } from '../../testing/eventually.js';
import { startChild } from './child-process.js';
import { openEmbedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

const topic = 'moola.test.intake.v1';

describe('a full disk', () => {
  // A tmpfs of 8 MB in a mount namespace of the child's own: nothing stays mounted, whatever happens to the test.
  const onSmallDisk = (folder: string) => [
    'unshare',
    '--user',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    `mount -t tmpfs -o size=8m tmpfs '${folder}' && exec "$@"`,
    'sh',
  ];

  it('refuses doors, keeps the inside waiting, lets everybody read, and all goes on when there is space', async () => {
    const folder = await temporaryFolder();
    const child = startChild('disk-full.child.ts', [folder.path], onSmallDisk(folder.path));
    const told: Record<string, unknown>[] = [];
    for await (const line of child.lines) told.push(line as Record<string, unknown>);
    const errors = await child.ended;
    await folder.remove();
    expect(child.process.exitCode === 0 ? '' : errors).toBe('');

    const accepted = told[1]?.accepted as number;
    expect(accepted).toBeGreaterThan(1000);
    expect(told).toEqual([
      { told: 'request', refused: 'DiskFullError', message: expect.stringContaining(`${folder.path}/data`) },
      { told: 'reads', accepted, bounds: { first: 0, next: accepted }, read: accepted },
      { told: 'waiting', second: 'DiskFullError', readsOn: 51 },
      { told: 'space again', inside: accepted, save: { saved: true, sequence: 1 }, diskFull: false },
      { told: 'after', request: accepted + 50, whole: true },
      { told: 'reopened', bounds: { first: 0, next: accepted + 100 } },
    ]);
  }, 300_000);

  it('is kept away from the inside: doors are refused while only the reserve is left', async () => {
    const folder = await temporaryFolder();
    const embedded = await openEmbedded({ folder: folder.path, reserveBytes: Number.MAX_SAFE_INTEGER });
    const { log, close } = embedded;
    await log.createTopics([{ name: topic, partitions: 1, retentionMs: null, retentionBytes: null }]);
    const at = { topic, partition: 0 };
    await expect(log.append(at, [Uint8Array.of(1)], 'request')).rejects.toThrow(DiskFullError);
    expect(await log.append(at, [Uint8Array.of(2)])).toBe(0);
    expect(await log.append(at, [Uint8Array.of(3)], 'person')).toBe(1);
    await eventually('it says so', () => embedded.shortOfSpace()?.includes('no space left') === true);
    await close();
    await folder.remove();
  });
});
