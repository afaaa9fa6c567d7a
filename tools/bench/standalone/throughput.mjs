import { setTimeout as sleep } from 'node:timers/promises';
import { Bodies } from './bodies.mjs';
import { ratio, spread } from './machine.mjs';
import { startServer } from './server.mjs';

const perBatch = 1000;
const connections = 4;
const models = Array.from({ length: 10 }, (_, index) => `throughput-${index}`);
const arms = {
  protobuf: 'application/x-protobuf',
  ndjson: 'application/x-ndjson',
  protobufAgain: 'application/x-protobuf',
};
/** Each round forwards, then backwards, so that what drifts hits all arms alike. */
const order = Object.keys(arms);

/** Sends batches, and waits until the windows' counts hold all of them. */
export async function measureThroughput({ folder, progress, rounds, batches }) {
  const server = await startServer(folder);
  const bodies = new Bodies(models);
  const expected = new Map(models.map((model) => [model, 0]));
  const seconds = Object.fromEntries(order.map((arm) => [arm, []]));
  const cpu = Object.fromEntries(order.map((arm) => [arm, []]));
  let refusals = 0;
  const block = async (arm) => {
    const prepared = Array.from({ length: batches }, () => bodies.next(arms[arm], perBatch));
    for (const { byModel } of prepared)
      for (const [model, count] of byModel) expected.set(model, expected.get(model) + count);
    const before = await server.usage();
    const start = performance.now();
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let next = prepared.pop(); next; next = prepared.pop())
          refusals += await server.send(arms[arm], next.body);
      }),
    );
    for (const model of models) await counted(server, model, expected.get(model));
    const wall = (performance.now() - start) / 1000;
    return { wall, cpu: (await server.usage()).cpuSeconds - before.cpuSeconds };
  };

  try {
    for (const arm of order) await block(arm); // Warms it up.
    const before = { disk: server.diskBytes(), ...(await server.usage()) };
    const idleResident = before.residentBytes;
    for (let round = 0; round < rounds; round++) {
      for (const arm of round % 2 === 0 ? order : order.toReversed()) {
        const measured = await block(arm);
        seconds[arm].push((perBatch * batches) / measured.wall);
        cpu[arm].push((measured.cpu / (perBatch * batches)) * 1e6);
        progress(
          `${arm} ${Math.round(seconds[arm].at(-1))} a second, ${cpu[arm].at(-1).toFixed(1)} CPU seconds a million`,
        );
      }
    }
    await sleep(2000); // The last checkpoints.
    const after = { disk: server.diskBytes(), ...(await server.usage()) };
    const sent = rounds * order.length * batches * perBatch;
    const perSecond = Object.fromEntries(order.map((arm) => [arm, spread(seconds[arm])]));
    const cpuSecondsPerMillion = Object.fromEntries(order.map((arm) => [arm, spread(cpu[arm])]));
    return {
      ...{ perBatch, connections, predictionsABlock: perBatch * batches, sent, refusals },
      predictionsPerSecond: perSecond,
      cpuSecondsPerMillion,
      ndjsonToProtobuf: {
        perSecond: ratio(perSecond.ndjson, perSecond.protobuf),
        cpu: ratio(cpuSecondsPerMillion.ndjson, cpuSecondsPerMillion.protobuf),
      },
      sameToSame: {
        perSecond: ratio(perSecond.protobufAgain, perSecond.protobuf),
        cpu: ratio(cpuSecondsPerMillion.protobufAgain, cpuSecondsPerMillion.protobuf),
      },
      disk: {
        bytesPerPrediction: Number(((after.disk - before.disk) / sent).toPrecision(4)),
        writtenBytesPerPrediction:
          after.writtenBytes === null
            ? null
            : Number(((after.writtenBytes - before.writtenBytes) / sent).toPrecision(4)),
      },
      memory: { residentBytesBefore: idleResident, residentBytes: after.residentBytes, heapBytes: after.heapBytes },
    };
  } finally {
    await server.stop();
  }
}

async function counted(server, model, predictions) {
  for (;;) {
    const view = await server.json(`/api/v1/environments/live/models/${model}`);
    const { predictions: counts = 0, duplicates = 0, tooLate = 0 } = view?.counts ?? {};
    if (duplicates + tooLate > 0) throw new Error(`${model}: ${duplicates} duplicates, ${tooLate} too late`);
    if (counts >= predictions) return;
    await sleep(10);
  }
}
