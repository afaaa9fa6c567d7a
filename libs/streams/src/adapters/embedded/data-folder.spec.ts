import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
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

  it('of another format of its file is left alone, and says which program reads it', async () => {
    await openAndClose();
    const path = join(folder, 'data.mdb');
    const bytes = await readFile(path);
    bytes.writeUInt16LE(3, 28);
    await writeFile(path, bytes);
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('newer', "LMDB's format 3"));
  });

  it.each(['emptied', 'taken away'])('whose data file was %s is not taken for a new one', async (how) => {
    await openAndClose();
    const path = join(folder, 'data.mdb');
    await (how === 'emptied' ? truncate(path, 0) : rm(path));
    const words = how === 'emptied' ? 'data.mdb is empty' : 'data.mdb is missing';
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('corrupt', words));
    // Nor is one of a version that did not say whether it had begun.
    await writeFile(join(folder, 'format.json'), '{"product":"moola-monitoring","version":1}');
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('corrupt', words));
    // A first start that was cut short is begun again.
    await writeFile(join(folder, 'format.json'), '{"product":"moola-monitoring","version":1,"begun":false}');
    await openAndClose();
  });

  it('whose data file is a folder says what is in the way', async () => {
    await openAndClose();
    await rm(join(folder, 'data.mdb'));
    await mkdir(join(folder, 'data.mdb'));
    await expect(openEmbedded({ folder })).rejects.toMatchObject(problem('no access', 'data.mdb'));
  });

  it('is closed to others, also when a version before left it open', async () => {
    const modes = async () =>
      Promise.all(
        ['', 'data.mdb', 'lock.mdb', 'format.json'].map(async (name) => (await stat(join(data, name))).mode & 0o777),
      );
    const data = join(folder, 'data');
    await openAndClose(data);
    expect(await modes()).toEqual([0o700, 0o600, 0o600, 0o600]);
    await chmod(data, 0o755);
    await chmod(join(data, 'data.mdb'), 0o644);
    await openAndClose(data);
    expect(await modes()).toEqual([0o750, 0o600, 0o600, 0o600]);
  });

  it('in which any one page holds something else is called damaged, or still holds all of its records', async () => {
    const at = { topic: 'a', partition: 0 };
    const { log, store, close } = await openEmbedded({ folder });
    await log.createTopics([{ name: 'a', partitions: 2, retentionMs: null, retentionBytes: null }]);
    for (let n = 0; n < 400; n++) await log.append(at, [new Uint8Array(n % 100 === 0 ? 10_000 : 100).fill(n)]);
    await store.acquire('task', 'token');
    await close();
    const path = join(folder, 'data.mdb');
    const whole = await readFile(path);
    const pages = whole.length / 4096;
    const outcomes = { damaged: 0, whole: 0 };
    for (let page = 0; page < pages; page++) {
      const bytes = Buffer.from(whole);
      bytes.fill(page % 2 === 0 ? 0xa5 : 0x00, page * 4096, (page + 1) * 4096);
      await writeFile(path, bytes);
      const opened = await openEmbedded({ folder }).catch((error: unknown) => error as DataFolderError);
      if (opened instanceof DataFolderError) {
        expect([page, opened.problem, opened.message]).toEqual([page, 'corrupt', expect.stringContaining('backup')]);
        outcomes.damaged += 1;
        continue;
      }
      // A page that is free, or in the middle of a long value.
      expect([page, opened.log !== undefined]).toEqual([page, true]);
      const { records } = await opened.log.read(at, 0, 1e9);
      expect([page, records.length]).toEqual([page, 400]);
      outcomes.whole += 1;
      await opened.close();
    }
    expect(outcomes.damaged).toBeGreaterThan(20);
  }, 60_000);

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
