import { join } from 'node:path';
import { openEmbedded } from './open-embedded.js';

/** Tells what each copy of a data folder holds. Runs with LMDB_RESTORE=safe: only what is known to be flushed counts. */
const folder = process.argv[2] as string;
for (let n = 0; n < 10; n++) {
  const { log, store, close } = await openEmbedded({ folder: join(folder, `copy-${n}`) });
  const { next } = await log.bounds({ topic: 'intake', partition: 0 });
  const { checkpoint } = await store.acquire('task', 'reader');
  const state = [...(checkpoint?.entries.get('n') ?? [])];
  process.stdout.write(`${JSON.stringify({ n, next, sequence: checkpoint?.sequence, state })}\n`);
  await close();
}
