import { once } from 'node:events';
import { createServer } from 'node:http';

export const rule = 'SlowAnswer';
/** How long one breach may take before a bench gives up, in milliseconds. */
export const patienceMs = 30_000;

/** A rule that one slow answer breaks, a route to a channel named BENCH, and the models that are watched. */
export const definitions = (models) => `kind: Rule
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

/** Where the channel sends to. */
export const channelVariable = 'MOOLA_CHANNEL_BENCH_SLACK_URL';

export async function applyDefinitions(address, yaml) {
  const response = await fetch(`${address}/api/v1/environments/live/definitions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ file: 'bench.yaml', yaml }),
  });
  if (response.status !== 200) throw new Error(`definitions gave ${response.status}: ${await response.text()}`);
}

/** A server that takes messages as Slack does, and says when it first heard a model's name. */
export async function slackPeer() {
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
