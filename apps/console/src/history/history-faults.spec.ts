import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { eventually } from '@moola/streams/testing/eventually';
import { bucketsTable } from './projections/buckets/buckets.js';
import { dump, environment, factLog, historyOf, inStore, rowsOf, takeIn } from './testing/history-under-test.js';
import { appendMinutes } from './testing/made-up-facts.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A program of `testing` in a process of its own. */
function startChild(source: string, folder: string, wrapper: readonly string[] = []): ChildProcess {
  const program = fileURLToPath(new URL(`./testing/${source}`, import.meta.url));
  const loader = join(root, 'tools/typescript/register.mjs');
  const [command = '', ...rest] = [...wrapper, process.execPath, '--no-warnings', '--import', loader, program, folder];
  return spawn(command, rest, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

const buckets = (folder: string) => inStore(folder, (store) => rowsOf(store, bucketsTable, 60_000));

describe('what goes wrong with the file of history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let file: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    file = join(folder.path, `${environment}.duckdb`);
  });
  afterEach(() => folder.remove());

  it.each([
    ['lost its end', (path: string) => truncateSync(path, readFileSync(path).length >> 1)],
    [
      'has damaged blocks',
      (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(7, 4096 * 4));
      },
    ],
    ['is something else', (path: string) => writeFileSync(path, 'hello world')],
    ['is empty', (path: string) => writeFileSync(path, '')],
  ])('a file that %s is set aside, said so, and built again from the topics', async (_, harm) => {
    const log = await factLog();
    await appendMinutes(log, 0, 30, 20);
    await takeIn(folder.path, log);
    const whole = await buckets(folder.path);
    harm(file);
    const warned: string[] = [];
    await appendMinutes(log, 30, 31, 20);
    await takeIn(folder.path, log, { warn: (problem) => warned.push(problem) });
    expect(warned).toEqual([
      expect.stringMatching(/^history of live is damaged .* moved to .*live\.duckdb\.damaged-\d+, and built again/),
    ]);
    expect(readdirSync(folder.path)).toContain('live.duckdb.damaged-1000');
    expect((await buckets(folder.path)).slice(0, whole.length)).toEqual(whole);
  });

  it('a file of a newer release is left as it is, and history stands still', async () => {
    const log = await factLog();
    await takeIn(folder.path, log);
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '99' WHERE name = 'format'");
    connection.closeSync();
    instance.closeSync();
    const history = historyOf(folder.path);
    const stop = new AbortController();
    const running = history.run(log, stop.signal);
    await eventually('it says why', () => history.remark?.includes('format 99') ?? false);
    stop.abort();
    await running;
    expect(readdirSync(folder.path).filter((each) => each.includes('damaged'))).toEqual([]);
  });

  it('a file of the previous format gets the tables and columns that are new, and keeps its rows', async () => {
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    for (const statement of readFileSync(new URL('./testing/format-1.sql', import.meta.url), 'utf8').split(';\n'))
      if (statement.trim() !== '') await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
    await takeIn(folder.path, await factLog());
    const [row, ...others] = await buckets(folder.path);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      model: 'Fraud',
      predictions: 7,
      correct: 5,
      time: Date.UTC(2026, 0, 31, 12),
      revision: null,
    });
    const all = await inStore(folder.path, dump);
    expect(all['deployments']).toEqual([expect.objectContaining({ version: 'v1', inferred: null })]);
    expect(all['incidents']).toEqual([]);
  });

  it('loses nothing and counts nothing twice when it is killed while it writes', async () => {
    const child = startChild('killed.child.ts', folder.path);
    let minutes = 0;
    for await (const line of createInterface({ input: child.stdout! })) {
      minutes = Number(line);
      if (minutes >= 60) break;
    }
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const log = await factLog();
    await appendMinutes(log, 0, minutes + 20, 50);
    await takeIn(folder.path, log);
    const whole = await temporaryFolder();
    await takeIn(whole.path, log);
    expect(await inStore(folder.path, dump)).toEqual(await inStore(whole.path, dump));
    await whole.remove();
  });

  it('on a full disk history stands still and says so; it goes on when there is space', async () => {
    const onSmallDisk = [
      ...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c'],
      `mount -t tmpfs -o size=24m tmpfs '${folder.path}' && exec "$@"`,
      'sh',
    ];
    const child = startChild('disk-full.child.ts', folder.path, onSmallDisk);
    const told: Record<string, unknown>[] = [];
    for await (const line of createInterface({ input: child.stdout! })) told.push(JSON.parse(line) as never);
    const minutes = told[2]?.['minutes'] as number;
    expect(told).toEqual([
      { told: 'open', state: { open: true } },
      { told: 'full', remark: expect.stringMatching(/^history of live stands still: .*No space left/s), appends: 0 },
      { told: 'space again', remark: null, minutes, rows: 5 * 10 + (minutes - 5) * 100 },
    ]);
  });
});
