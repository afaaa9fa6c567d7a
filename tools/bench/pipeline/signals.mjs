import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { decodeBatch } from '@moola/streams/processor/batch-codec';
import { patienceMs } from '../breach.mjs';

const maxBytes = 1 << 20;

/** Reads `signals` as it grows, and says when an alert of a model began to fire. */
export async function followAlerts(log, environment) {
  const at = { topic: topicName(environment, topics.signals), partition: 0 };
  const waiting = new Map();
  const stop = new AbortController();
  let { next } = await log.bounds(at);
  const running = (async () => {
    while (!stop.signal.aborted) {
      await log.waitFor(at, next, stop.signal);
      if (stop.signal.aborted) return;
      const { records } = await log.read(at, next, maxBytes);
      const arrived = performance.now();
      for (const { offset, value } of records) {
        next = offset + 1;
        for (const { model, kind } of decodeBatch(value, topics.signals.codec).data) {
          if (kind.case !== 'alert' || kind.value.to !== AlertState.FIRING) continue;
          waiting.get(model)?.(arrived);
          waiting.delete(model);
        }
      }
    }
  })();
  running.catch(() => undefined);
  return {
    fired: (model) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${model}: no alert`)), patienceMs);
        waiting.set(model, (arrived) => (clearTimeout(timer), resolve(arrived)));
      }),
    async stop() {
      stop.abort();
      await running;
    },
  };
}
