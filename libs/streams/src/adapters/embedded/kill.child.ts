import { writeSync } from 'node:fs';
import { Random } from '../simulated/random.js';
import { eventPartitions, eventRecord, eventTopic, noiseTopic, startCounting } from './kill-counting.js';
import { openEmbedded } from './open-embedded.js';

/** Appends events and counts them until it is killed. Tells each event after its append was acknowledged. */
const [folder, round, seed] = process.argv.slice(2) as [string, string, string];
const random = new Random(Number(seed));
/** Straight into the pipe: what is told is out of this process. */
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

const embedded = await openEmbedded({ folder, retentionEveryMs: 10 });
const running = await startCounting(embedded);
for (const { failed } of running) failed.catch((error: unknown) => tell({ failed: String(error) }));
tell({ running: true });

for (let burst = 0; ; burst++) {
  const appends = Array.from({ length: 1 + random.below(5) }, async (_, append) => {
    const partition = random.below(eventPartitions);
    const ids = Array.from({ length: 1 + random.below(4) }, (_unused, row) => `${round}.${burst}.${append}.${row}`);
    const record = eventRecord(ids.map((id) => `key${random.below(7)} ${id}`));
    const offset = await embedded.log.append({ topic: eventTopic, partition }, [record]);
    tell({ partition, offset, ids });
  });
  appends.push(embedded.log.append({ topic: noiseTopic, partition: 0 }, [new Uint8Array(3000)]).then(() => undefined));
  await Promise.all(appends);
  if (random.chance(0.1)) await embedded.log.flushed();
  if (random.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random.below(4)));
}
