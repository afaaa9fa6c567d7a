import { setTimeout as sleep } from 'node:timers/promises';
import { Fleet, serviceNames } from '@moola/testbed/fleet';
import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';
import { applyDefinitions, channelVariable, definitions, slackPeer } from '../breach.mjs';
import { percentiles } from '../standalone/machine.mjs';
import { client, partitions } from './fill.mjs';
import { startFlow } from './flow.mjs';
import { encodedPrediction } from './load.mjs';
import { programPath, startProgram } from './run-program.mjs';
import { followAlerts } from './signals.mjs';

const telemetry = 'moola.live.telemetry.v1';
/** Not measured. */
const warmUps = 5;

/**
 * From right before one prediction that breaks a rule is sent to `telemetry`, to its alert on `signals` and to the
 * webhook of its route, through a process of each service, while others flow. Beside it, six hops of kafkajs.
 */
export async function measureLatency({ servers, progress, alerts, perSecond }) {
  const { brokers, redisUrl } = servers;
  const peer = await slackPeer();
  const fleet = new Fleet({
    ...{ brokers, redisUrl, partitions, environments: 'live' },
    variables: { [channelVariable]: peer.address, MOOLA_LOG_LEVEL: 'info' },
  });
  const log = openKafkaLog({ brokers: [brokers], fetchMaxWaitMs: 10 });
  const producer = client(brokers).producer();
  let flow;
  try {
    for (const service of serviceNames) await fleet.add(service);
    await producer.connect();
    const models = Array.from({ length: alerts + warmUps }, (_, i) => `watched-${String(i).padStart(3, '0')}`);
    await applyDefinitions(fleet.of('console')[0].address, definitions(models));
    const send = (model, index, latencyMs) => {
      const value = encodedPrediction({ model, index, latencyMs, timeMs: Date.now() });
      return producer.send({ topic: telemetry, messages: [{ value, partition: index % partitions }], acks: -1 });
    };
    for (const [index, model] of models.entries()) await send(model, index, 5);
    const seen = await followAlerts(log, 'live');
    flow = await startFlow(brokers, telemetry, { perSecond, series: 1000 });
    const chain = startProgram(process.execPath, [programPath('chain'), JSON.stringify({ brokers })]);
    await sleep(5000);
    const toAlert = [];
    const toNotification = [];
    for (const [index, model] of models.entries()) {
      await sleep(40 + ((index * 37) % 100)); // At all phases of the tick.
      const told = [seen.fired(model), peer.heard(model)];
      const start = performance.now();
      const [alerted, notified] = await Promise.all([...told, send(model, models.length + index, 5000)]);
      if (index < warmUps) continue;
      toAlert.push(alerted - start);
      toNotification.push(notified - start);
      if (index % 10 === 0)
        progress(`alert ${Math.round(alerted - start)} ms, notification ${Math.round(notified - start)} ms`);
    }
    chain.end();
    const sixHopsOfKafkajsMs = await chain.told;
    const flowed = await flow.stop();
    await seen.stop();
    return {
      ...{ tickMs: 100, predictionsPerSecond: flowed },
      eventToAlertMs: percentiles(toAlert),
      eventToNotificationMs: { ...percentiles(toNotification), goal: { p99: 300 } },
      sixHopsOfKafkajsMs,
    };
  } finally {
    await flow?.stop();
    await producer.disconnect();
    await log.close();
    await fleet.stop();
    await peer.close();
  }
}
