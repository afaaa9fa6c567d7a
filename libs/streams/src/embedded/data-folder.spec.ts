import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child-process.js';
import { DataFolderError, FolderInUseError } from './errors.js';
import { openEmbedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

describe('a data folder', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder());
  });
  afterEach(() => remove());
  const openAndClose = async (path = folder) => (await openEmbedded({ folder: path })).close();
  const problem = (kind: DataFolderError['problem'], text: string) => ({
    name: 'DataFolderError',
    problem: kind,
    message: expect.stringContaining(text),
  });

  it('is made when missing, with all folders above it', async () => {
    const deep = join(folder, 'a', 'b');
    await openAndClose(deep);
    expect(existsSync(join(deep, 'format.json'))).toBe(true);
    await openAndClose(deep);
  });

  it('may have a long name', async () => {
    const long = join(folder, 'l'.repeat(200));
    const open = await openEmbedded({ folder: long });
    await expect(openEmbedded({ folder: long })).rejects.toThrow(FolderInUseError);
    await open.close();
    await openAndClose(long);
  });

  it('with files of somebody else is left alone', async () => {
    await writeFile(join(folder, 'thesis.doc'), 'years of work');
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('foreign', 'thesis.doc'));
    expect(existsSync(join(folder, 'data.mdb'))).toBe(false);
  });

  it('of a newer version is left alone', async () => {
    await openAndClose();
    await writeFile(join(folder, 'format.json'), '{"product":"moola-monitoring","version":7}');
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('newer', 'data format 7'));
  });

  it('whose format cannot be read is called damaged', async () => {
    await openAndClose();
    for (const text of ['', '{', '{"product":"other","version":1}', 'null']) {
      await writeFile(join(folder, 'format.json'), text);
      await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('corrupt', 'format.json'));
    }
  });

  it('whose data are no data is called damaged', async () => {
    await openAndClose();
    await writeFile(join(folder, 'data.mdb'), Buffer.alloc(100_000, 'nonsense'));
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('corrupt', 'backup'));
  });

  it('whose data were cut off is called damaged', async () => {
    const { log, close } = await openEmbedded({ folder });
    await log.createTopics([{ name: 'a', partitions: 1, retentionMs: null, retentionBytes: null }]);
    for (let n = 0; n < 20; n++) await log.append({ topic: 'a', partition: 0 }, [new Uint8Array(200_000)]);
    await close();
    const { length } = await readFile(join(folder, 'data.mdb'));
    await truncate(join(folder, 'data.mdb'), Math.floor(length / 2 / 4096) * 4096);
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('corrupt', 'data.mdb has'));
  });

  it('that cannot be opened is not kept', async () => {
    await mkdir(join(folder, 'x'));
    await expect(openEmbedded({ folder })).rejects.toThrow(DataFolderError);
    await expect(openEmbedded({ folder })).rejects.toThrow(DataFolderError);
  });

  it('is opened once at a time, and the error says by whom and since when', async () => {
    const before = new Date().toISOString();
    const { close } = await openEmbedded({ folder });
    const second = await openEmbedded({ folder }).catch((error: unknown) => error as FolderInUseError);
    expect(second).toBeInstanceOf(FolderInUseError);
    const { owner, message } = second as FolderInUseError;
    expect(owner.pid).toBe(process.pid);
    expect(owner.since >= before).toBe(true);
    expect(message).toContain(folder);
    expect(message).toContain(`process ${process.pid}`);
    await close();
    await openAndClose();
  });

  it('is one process’s, and free at once when that process is killed', async () => {
    for (let round = 0; round < 3; round++) {
      const child = startChild('folder-owner.child.ts', [folder]);
      for await (const line of child.lines) {
        expect(line).toEqual({ open: true });
        const owner = { owner: { pid: child.process.pid } };
        await expect(openEmbedded({ folder })).rejects.toMatchObject(owner);
        child.process.kill('SIGKILL');
      }
      await child.ended;
      await openAndClose();
    }
  }, 300_000);

  it('goes to one of several who open it at the same moment after a kill', async () => {
    const child = startChild('folder-owner.child.ts', [folder]);
    for await (const _line of child.lines) child.process.kill('SIGKILL');
    await child.ended;
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => openEmbedded({ folder })));
    const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(opened).toHaveLength(1);
    await opened[0]?.close();
  }, 300_000);
});
