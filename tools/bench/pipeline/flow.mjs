import { setTimeout as sleep } from 'node:timers/promises';
import { client, partitions } from './fill.mjs';
import { encodedEvent } from './load.mjs';

const everyMs = 20;
/** After a pause of the machine it catches up in requests that brokers take. */
const mostAtOnce = 5000;

/** Sends predictions at an even pace, one record each, with any key, until `stop`. */
export async function startFlow(brokers, topic, { perSecond, series }) {
  const producer = client(brokers).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const random = () => Math.random();
  let sent = 0;
  let stopped = false;
  let rate = null;
  const running = (async () => {
    while (!stopped) {
      const due = Math.min(mostAtOnce, Math.floor(seconds() * perSecond) - sent);
      const messages = Array.from({ length: due }, (_, i) => {
        const index = sent + i;
        const value = encodedEvent(index, Math.floor(random() * series), Date.now(), random);
        return { value, partition: index % partitions };
      });
      sent += due;
      if (due > 0) await producer.send({ topic, messages, acks: -1 });
      if (due < mostAtOnce) await sleep(everyMs);
    }
    rate ??= sent / seconds();
    await producer.disconnect();
  })();
  running.catch(() => undefined);
  return {
    /** @returns how many a second have flowed in truth */
    async stop() {
      stopped = true;
      await running;
      return Math.round(rate);
    },
  };
}
