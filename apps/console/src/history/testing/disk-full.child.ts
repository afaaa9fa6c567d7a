import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@moola/streams/testing/eventually';
import { factLog, historyOf } from './history-under-test.js';
import { appendMinutes } from './made-up-facts.js';

/** Fills a small disk, and tells how history is before, while and after it is full. */
const [disk] = process.argv.slice(2) as [string];
const filler = join(disk, 'filler');
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
writeFileSync(filler, new Uint8Array(18_000_000));
const log = await factLog();
const stop = new AbortController();
const warned: string[] = [];
const history = historyOf(join(disk, 'history'), { warn: (problem) => warned.push(problem), retryAfterMs: 100 });
const running = history.run(log, stop.signal);
await appendMinutes(log, 0, 5, 10);
await eventually('a little is written', () => history.caughtUp);
tell({ told: 'open', state: history.state });

let minutes = 5;
while (warned.length === 0) {
  await appendMinutes(log, minutes, minutes + 20, 100);
  minutes += 20;
  const rows = 5 * 20 + (minutes - 5) * 200;
  await eventually('it is written, or cannot be', () => warned.length > 0 || history.rowsWritten >= rows);
}
tell({
  told: 'full',
  remark: history.remark,
  appends: await log.append({ topic: 'moola.live.kpis.v1', partition: 0 }, []),
});

rmSync(filler);
await eventually('all is written', () => history.caughtUp && history.behind === 0);
const rows = history.size === null ? [] : (await history.open().size()).tables;
tell({
  told: 'space again',
  remark: history.remark,
  minutes,
  rows: rows.find(({ table }) => table === 'buckets_1m')?.rows,
});
stop.abort();
await running;
