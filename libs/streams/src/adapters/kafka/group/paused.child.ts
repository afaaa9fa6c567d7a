import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openKafkaLog } from '../open-kafka-log.js';

/**
 * A member that takes its time for each batch, tells whatever becomes of its partitions, and stops itself while it has a batch
 * in hand: from outside it could be stopped right between looking whether it may hand over and doing it.
 */
const [brokers = '', group = '', topic = '', sessionTimeoutMs, batches] = process.argv.slice(2);
let left = Number(batches);
const tell = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

// Each record batch is handed over alone, so that some always wait.
const settings = { brokers: brokers.split(','), sessionTimeoutMs: Number(sessionTimeoutMs), batchBytes: 1 };
const log = openKafkaLog(settings, (notice) => {
  if (notice.kind === 'membership-lost') tell({ kind: 'lost' });
});
const subscription = await log.join(group, topic, {
  assigned: async ({ partition }) => {
    tell({ kind: 'assigned', partition });
    return 0;
  },
  batch: async ({ partition, records }) => {
    tell({ kind: 'batch', partition, offset: records[0]?.offset });
    if (--left === 0) process.kill(process.pid, 'SIGSTOP');
    await setTimeout(50);
  },
  revoked: async ({ partition }) => tell({ kind: 'revoked', partition }),
});
subscription.failed.catch((error: unknown) => tell({ kind: 'failed', error: String(error) }));
