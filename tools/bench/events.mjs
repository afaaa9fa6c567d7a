// How many predictions a second `POST /v1/events` reads, validates and packs on one core, without network and disk, by
// body format. Needs a build.
//   node tools/bench/events.mjs [--json]
import { create, fromJson, toBinary } from '@bufbuild/protobuf';
import { EventBatchSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { EventsEndpoint } from '../../apps/collector/dist/ingest-http/events-endpoint.js';
import { IngestService } from '../../apps/collector/dist/receive/ingest-service.js';

const eventsPerBody = 1000;
const bodiesPerRound = 20;
const rounds = 7;
const now = Date.now();
const log = { partitionCount: async () => 4, append: async () => 0, flushed: async () => undefined };
const ingest = await IngestService.open({ log, environment: 'bench', key: Buffer.alloc(32), origin: 'http' });
const endpoint = new EventsEndpoint(ingest, { nowMs: () => now, after: () => () => undefined });

const events = Array.from({ length: eventsPerBody }, (_, i) => ({
  id: `event-${i}`,
  source: 'fraud-service-eu',
  prediction: {
    model: `model-${i % 50}`,
    version: 'v1',
    role: 'ROLE_PRIMARY',
    input: `transaction-${i}`,
    time: new Date(now).toISOString(),
    class: '1',
    score: 0.5,
    latencyMs: 12.5,
    costUsd: 0.0004,
  },
}));
const batch = fromJson(EventBatchSchema, { events });
const bodies = {
  'application/x-protobuf': Buffer.from(toBinary(EventBatchSchema, create(EventBatchSchema, batch))),
  'application/x-ndjson': Buffer.from(events.map((event) => JSON.stringify(event)).join('\n')),
  'application/json': Buffer.from(JSON.stringify({ events })),
};

const result = {};
for (const [contentType, body] of Object.entries(bodies)) {
  const figures = [];
  for (let round = -2; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < bodiesPerRound; i++) {
      const { status } = await endpoint.handle({ contentType, contentEncoding: '', body, answers: 'refused' });
      if (status !== 200) throw new Error(`${contentType} gave ${status}`);
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (round >= 0) figures.push(Math.round((eventsPerBody * bodiesPerRound) / seconds));
  }
  figures.sort((a, b) => a - b);
  result[contentType] = { median: figures[rounds >> 1], least: figures[0], most: figures.at(-1) };
}
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);
