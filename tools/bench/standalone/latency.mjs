import { setTimeout as sleep } from 'node:timers/promises';
import { applyDefinitions, channelVariable, definitions, patienceMs, rule, slackPeer } from '../breach.mjs';
import { Bodies } from './bodies.mjs';
import { percentiles } from './machine.mjs';
import { startServer } from './server.mjs';

const pollMs = 5;
const flowEveryMs = 50;

/** From right before the request that breaks a rule to its alert and to the webhook, while other predictions flow. */
export async function measureLatency({ folder, progress, rounds, backgroundPerSecond }) {
  const peer = await slackPeer();
  const server = await startServer(folder, { [channelVariable]: peer.address });
  const flow = startFlow(server, backgroundPerSecond);
  try {
    const models = Array.from({ length: rounds + 3 }, (_, index) => `watched-${String(index).padStart(3, '0')}`);
    await applyDefinitions(server.address, definitions(models));
    // Each has answered in time before it fails.
    for (const model of models) await server.send('application/x-ndjson', Bodies.single(model, 0, 5));
    await sleep(2000);
    const alerts = [];
    const notifications = [];
    const polls = [];
    for (const [index, model] of models.entries()) {
      await sleep(40 + ((index * 37) % 100)); // At all phases of the tick.
      const told = peer.heard(model);
      const start = performance.now();
      const [alert] = await Promise.all([
        firing(server, model, polls),
        server.send('application/x-ndjson', Bodies.single(model, 1, 5000)),
      ]);
      const notified = await told;
      if (index < models.length - rounds) continue; // Warms it up.
      alerts.push(alert - start);
      notifications.push(notified - start);
      if (index % 10 === 0)
        progress(`alert ${Math.round(alerts.at(-1))} ms, notification ${Math.round(notifications.at(-1))} ms`);
    }
    const flowed = await flow.stop();
    return {
      tickMs: 100,
      backgroundPerSecond: Math.round(flowed),
      eventToAlertMs: percentiles(alerts),
      eventToNotificationMs: percentiles(notifications),
      /** The alert is seen by asking for it: this much later than it was there, at most. */
      pollMs: { every: pollMs, answer: percentiles(polls) },
    };
  } finally {
    await flow.stop();
    await server.stop();
    await peer.close();
  }
}

async function firing(server, model, polls) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const asked = performance.now();
    const view = await server.json(`/api/v1/environments/live/models/${model}`);
    const answered = performance.now();
    polls.push(answered - asked);
    if (view?.alerts.some((alert) => alert.rule === rule && alert.state === 'firing')) return answered;
    if (answered > deadline) throw new Error(`${model}: no alert after ${patienceMs} ms`);
    await sleep(pollMs);
  }
}

/** Sends predictions to models that nobody watches, at an even pace. */
function startFlow(server, perSecond) {
  const bodies = new Bodies(Array.from({ length: 20 }, (_, index) => `flowing-${index}`));
  const start = performance.now();
  let sent = 0;
  let rate = 0;
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const due = Math.floor(((performance.now() - start) / 1000) * perSecond) - sent;
      if (due > 0) {
        sent += due;
        await server.send('application/x-protobuf', bodies.next('application/x-protobuf', due).body);
      }
      rate = sent / ((performance.now() - start) / 1000);
      await sleep(flowEveryMs);
    }
  })();
  running.catch(() => undefined);
  return {
    /** @returns how many a second flowed in truth */
    async stop() {
      stopped = true;
      await running;
      return rate;
    },
  };
}
