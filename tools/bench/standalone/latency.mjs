import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bodies } from './bodies.mjs';
import { percentiles } from './machine.mjs';
import { startServer } from './server.mjs';

const rule = 'SlowAnswer';
const pollMs = 5;
const flowEveryMs = 50;
/** How long one breach may take before the bench gives up, in milliseconds. */
const patienceMs = 30_000;

/** From right before the request that breaks a rule to its alert and to the webhook, while other predictions flow. */
export async function measureLatency({ folder, progress, rounds, backgroundPerSecond }) {
  const peer = await slackPeer();
  const server = await startServer(folder, { MOOLA_CHANNEL_BENCH_SLACK_URL: peer.address });
  const flow = startFlow(server, backgroundPerSecond);
  try {
    const models = Array.from({ length: rounds + 3 }, (_, index) => `watched-${String(index).padStart(3, '0')}`);
    await server.apply(definitions(models));
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

const definitions = (models) => `kind: Rule
name: ${rule}
metric: latency_p99
window: 10m
above: 1000
minimumSamples: 1
for: 0s
severity: critical
summary: It answers too late
---
kind: Route
name: bench
minimumSeverity: critical
audience: team
channels: [{ kind: slack, name: bench }]
${models.map((model) => `---\nkind: Model\nname: ${model}\n`).join('')}`;

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

/** A server that takes messages as Slack does, and says when it first heard a model's name. */
async function slackPeer() {
  const waiting = new Map();
  const http = createServer((request, response) => {
    const arrived = performance.now();
    let text = '';
    request.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      response.end('ok');
      for (const [model, resolve] of waiting) {
        if (!text.includes(model)) continue;
        waiting.delete(model);
        resolve(arrived);
      }
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    address: `http://127.0.0.1:${http.address().port}/services/bench`,
    heard: (model) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${model}: no notification`)), patienceMs);
        waiting.set(model, (arrived) => (clearTimeout(timer), resolve(arrived)));
      }),
    close: () => new Promise((resolve) => (http.closeAllConnections(), http.close(resolve))),
  };
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
