import { setTimeout as sleep } from 'node:timers/promises';
import { Fleet } from '@moola/testbed/fleet';
import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';
import { spread } from '../standalone/machine.mjs';
import { partitions } from './fill.mjs';
import { startFlow } from './flow.mjs';
import { programCore } from './run-program.mjs';

const telemetry = 'moola.live.telemetry.v1';
const snapshots = 'moola.live.snapshots.v1';
const pollMs = 10;
const patienceMs = 120_000;
/** Little: what is measured is the pause, not how fast it is made up for. */
const perSecond = 1000;

/**
 * SIGKILL to one of two trackers, again and again: how long until each partition of `snapshots` has grown again. Those
 * of the survivor and those of the victim are told apart by who pauses longer.
 */
export async function measureTakeover({ servers, progress, kills }) {
  const { brokers, redisUrl } = servers;
  const fleet = new Fleet({
    ...{ brokers, redisUrl, partitions, environments: 'live' },
    ...(programCore === undefined ? {} : { cpus: programCore }),
  });
  const log = openKafkaLog({ brokers: [brokers] });
  let flow;
  try {
    for (const service of ['collector', 'tracker', 'tracker']) await fleet.add(service);
    flow = await startFlow(brokers, telemetry, { perSecond, series: 1000 });
    const longest = [];
    const shortest = [];
    for (let kill = 0; kill < kills; kill++) {
      await sleep(5000 + ((kill * 370) % 1000)); // Both have their share, and it flows; at all phases of heartbeats.
      const victim = fleet.of('tracker')[kill % 2];
      await allGrow(log);
      const killed = performance.now();
      await victim.kill();
      const pauses = await allGrow(log, killed);
      longest.push(Math.max(...pauses));
      shortest.push(Math.min(...pauses));
      progress(`${kill + 1} of ${kills}: ${Math.round(longest.at(-1))} ms`);
      await victim.start();
    }
    return {
      ...{ predictionsPerSecond: await flow.stop(), sessionTimeoutMs: 15_000, pollMs },
      victimsPartitionsMs: spread(longest),
      survivorsPartitionsMs: spread(shortest),
    };
  } finally {
    await flow?.stop();
    await log.close();
    await fleet.stop();
  }
}

/** @returns of each partition, when it has grown again, in milliseconds since `since` */
async function allGrow(log, since = performance.now()) {
  const end = async (partition) => (await log.bounds({ topic: snapshots, partition })).next;
  return Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const before = await end(partition);
      while ((await end(partition)) === before) {
        if (performance.now() - since > patienceMs) throw new Error(`${snapshots}/${partition} does not grow any more`);
        await sleep(pollMs);
      }
      return performance.now() - since;
    }),
  );
}
