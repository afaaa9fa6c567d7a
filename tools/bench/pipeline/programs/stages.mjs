// Runs stages of the pipeline until a checkpoint of the last holds what the first one's input has led to.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import { topicSettings } from '@moola/platform/topics/topic-settings';
import { topicName } from '@moola/contracts/topic-name';
import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';
import { openRedisStore } from '@moola/streams/adapters/redis/open-redis-store';
import { startProcessor } from '@moola/streams/task/start-processor';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { partitions } from '../fill.mjs';
import { Measured } from '../measured.mjs';
import { stageProcessors } from '../stage-processors.mjs';
import { WatchedLog } from '../watched-log.mjs';

const { brokers, redisUrl, environment, filled, stages, time, endMs, events, anonymised, passes } = JSON.parse(
  process.argv[2],
);
const notices = (notice) => process.stderr.write(`${JSON.stringify(notice)}\n`);

// All passes but the last warm the engine up, and are not measured: each has topics and a state of its own.
for (let pass = 1; pass <= (passes ?? 1); pass++) {
  const isLast = pass === (passes ?? 1);
  await run(isLast ? environment : `${environment}-${pass}`, isLast ? new Measured() : null);
}

async function run(environment, measured) {
  const processors = stages.map((stage) => stageProcessors[stage]({ anonymised }));
  const inputs = processors.map(({ input }) => topicName(environment, input));
  const kafka = openKafkaLog({ brokers: [brokers] }, notices);
  const store = await openRedisStore({ servers: { kind: 'single', url: redisUrl } }, { notices });
  const log = new WatchedLog(kafka, { [inputs[0]]: filled }, () => measured?.ready());
  await kafka.createTopics(topicSettings(environment, partitions, 'replay'));
  /** The load always ends now, however long ago it was made. */
  const behindMs = systemClock.nowMs() - endMs;
  const clock = { nowMs: () => systemClock.nowMs() - behindMs, after: systemClock.after };
  const saves = { count: 0, entries: 0, bytes: 0 };
  const metrics = {
    applied: () => undefined,
    saved: ({ entries, bytes }) => {
      saves.count++;
      saves.entries += entries;
      saves.bytes += bytes;
    },
  };
  const deadLetters = poisonLetters(Buffer.alloc(32));
  const settings = { log, store, clock, token: randomUUID, environment, time, deadLetters, notices };

  const running = await Promise.all(processors.map((processor) => startProcessor({ ...settings, metrics, processor })));
  const failed = Promise.race(running.map((tasks) => tasks.failed));
  for (const input of inputs) await Promise.race([log.checkpointed(input), failed]);
  const appended = Object.fromEntries(
    [...log.appended].map(([topic, { records, bytes }]) => [topic.split('.')[2], { records, bytes }]),
  );
  measured?.done(events, { counts: { saves, appended } });
  await Promise.all(running.map((tasks) => tasks.close()));
  await store.close();
  await kafka.close();
}
