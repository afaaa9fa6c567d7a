import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bodies } from './bodies.mjs';
import { ratio, spread } from './machine.mjs';
import { diskBytes, startServer } from './server.mjs';

const perBatch = 1000;
const models = Array.from({ length: 50 }, (_, index) => `known-${index}`);

/** From the process's start to a console that answers: with nothing there, and with what an earlier run has left. */
export async function measureStarts({ folder, progress, rounds, predictions }) {
  const existing = join(folder, 'existing');
  await fill(existing, predictions);
  const arms = { empty: [], second: [], secondAgain: [] };
  const caughtUp = [];
  let made = 0;
  for (let round = 0; round < rounds; round++) {
    const order = Object.keys(arms);
    for (const arm of round % 2 === 0 ? order : order.toReversed()) {
      const server = await startServer(arm === 'empty' ? join(folder, `empty-${made++}`) : existing);
      try {
        arms[arm].push((await healthyMs(server)) / 1000);
        if (arm !== 'empty') caughtUp.push((await caughtUpMs(server)) / 1000);
        progress(`${arm} ${arms[arm].at(-1).toFixed(2)} s`);
      } finally {
        await server.stop();
      }
    }
  }
  const seconds = Object.fromEntries(Object.entries(arms).map(([arm, values]) => [arm, spread(values)]));
  return {
    ...{ predictionsThere: predictions, folderBytes: diskBytes(existing), healthySeconds: seconds },
    allReadSeconds: spread(caughtUp),
    secondToEmpty: ratio(seconds.second, seconds.empty),
    sameToSame: ratio(seconds.secondAgain, seconds.second),
  };
}

async function fill(folder, predictions) {
  const server = await startServer(folder);
  const bodies = new Bodies(models);
  try {
    for (let sent = 0; sent < predictions; sent += perBatch)
      await server.send('application/x-protobuf', bodies.next('application/x-protobuf', perBatch).body);
    const each = predictions / models.length;
    for (const model of models) {
      while (((await server.json(`/api/v1/environments/live/models/${model}`))?.counts.predictions ?? 0) < each)
        await sleep(20);
    }
    await sleep(2000);
  } finally {
    await server.stop();
  }
}

/** Until it says that it is ready, and serves the page. */
async function healthyMs(server) {
  for (;;) {
    const answers = await Promise.all([server.get('/readyz'), server.get('/')]);
    if (answers[1].status === 503) throw new Error(answers[1].text);
    if (answers.every(({ status }) => status === 200)) return performance.now() - server.startedMs;
    await sleep(10);
  }
}

/** Until the console has read all that was there. */
async function caughtUpMs(server) {
  for (;;) {
    const view = await server.json('/api/v1/environments/live');
    if (view.models >= models.length && view.behind === 0) return performance.now() - server.startedMs;
    await sleep(10);
  }
}
