// Reads or writes records with one client and does nothing else.
import { randomUUID } from 'node:crypto';
import { Measured } from '../measured.mjs';

const { client, modules, work, brokers, topic, records } = JSON.parse(process.argv[2]);
const measured = new Measured();
const { openClient } = await import(`../clients/${client}.mjs`);
const opened = await openClient({ brokers, modules });
if (work === 'read') await read();
else await write();
measured.done(records);
await opened.close();

async function read() {
  let seen = 0;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  await opened.read({
    topic,
    group: `client-${randomUUID()}`,
    ready: () => measured.ready(),
    seen: (count) => {
      seen += count;
      if (seen >= records) finish();
    },
  });
  await finished;
}

/** In order, one request under way, as many records a request as our tasks would have rows. */
async function write() {
  const atOnce = 1000;
  const value = Buffer.alloc(120, 'x');
  const values = Array.from({ length: atOnce }, () => value);
  const write = await opened.writer(topic);
  measured.ready();
  for (let sent = 0; sent < records; sent += atOnce) await write(values, (sent / atOnce) % 6);
}
