import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopicPartition } from '../../ports/event-log.js';
import { openEmbedded } from './open-embedded.js';

/** Fills a small disk, and tells what works and what does not before, while and after it is full. */
const [disk] = process.argv.slice(2) as [string];
const filler = join(disk, 'filler');
const at: TopicPartition = { topic: 'moola.test.intake.v1', partition: 0 };
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const fiftyRecords = Array.from({ length: 50 }, (_, index) => new Uint8Array(1000).fill(index));

writeFileSync(filler, new Uint8Array(2_000_000));
const { log, store, diskFull, close } = await openEmbedded({ folder: join(disk, 'data'), reserveBytes: 0 });
await log.createTopics([{ name: at.topic, partitions: 1, retentionMs: null, retentionBytes: null }]);
await store.acquire('task', 'token');

let accepted = 0;
let refusal: unknown;
while (refusal === undefined) {
  await log.append(at, fiftyRecords, 'request').then(
    () => (accepted += fiftyRecords.length),
    (error: unknown) => (refusal = error),
  );
}
tell({ told: 'request', refused: (refusal as Error).name, message: (refusal as Error).message });
tell({ told: 'reads', accepted, bounds: await log.bounds(at), read: (await log.read(at, 0, 1e9)).records.length });

const inside = log.append(at, fiftyRecords);
const changes = new Map([['state', new Uint8Array(50_000)]]);
const save = store.save('task', { token: 'token', buildsOn: 0, position: 1, changes });
while (!diskFull()) await new Promise(setImmediate);
const second = await log.append(at, fiftyRecords, 'request').catch((error: Error) => error.name);
tell({ told: 'waiting', second, readsOn: (await log.read(at, accepted - 1, 1e9)).records.length });

rmSync(filler);
tell({ told: 'space again', inside: await inside, save: await save, diskFull: diskFull() });
const request = await log.append(at, fiftyRecords, 'request');
const records = (await log.read(at, 0, 1e9)).records;
tell({
  told: 'after',
  request,
  whole: records.every(({ value, offset }) => value.every((byte) => byte === offset % 50)),
});
await close();

const reopened = await openEmbedded({ folder: join(disk, 'data') });
tell({ told: 'reopened', bounds: await reopened.log.bounds(at) });
await reopened.close();
