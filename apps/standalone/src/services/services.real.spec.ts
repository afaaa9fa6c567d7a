import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topicName, topics } from '@moola/contracts/topics';
import type { Streams } from '@moola/platform/service/open-streams';
import { eventually } from '@moola/streams/testing/eventually';
import { Fleet } from '@moola/testbed/fleet';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { listTasks, newEpoch } from '../tasks-administration.js';
import { streamsOf } from '../testing/streams-of.js';
import { TopicTail } from '../replay/topic-tail.js';

const minutes = 60_000;
const environment = `services-${randomBytes(4).toString('hex')}`;
const ofEnvironment = (topic: { readonly name: string }) => topicName(environment, topic);

describe('services as processes of their own', () => {
  let fleet: Fleet;
  let streams: Streams;
  let admin: Admin;
  let producer: Producer;
  let predictions = 0;

  beforeAll(async () => {
    const [brokers, redisUrl] = await Promise.all([sharedKafka(), sharedRedis()]);
    fleet = new Fleet({ brokers, redisUrl, environments: environment, partitions: 2 });
    streams = await streamsOf(fleet);
    const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    producer = kafka.producer();
    await Promise.all([admin.connect(), producer.connect()]);
    await fleet.add('collector');
    await fleet.add('tracker');
  }, 5 * minutes);

  afterAll(async () => {
    await fleet?.stop();
    await Promise.all([streams?.close(), admin?.disconnect(), producer?.disconnect()]);
  }, 5 * minutes);

  const prediction = (more: Readonly<Record<string, unknown>> = {}) =>
    toBinary(
      EventSchema,
      create(EventSchema, {
        ...{ id: `p${++predictions}`, source: 'services' },
        kind: {
          case: 'prediction',
          value: {
            ...{
              model: 'fraud',
              version: 'v1',
              role: Role.PRIMARY,
              input: `i${predictions}`,
              class: '1',
              latencyMs: 5,
            },
            time: timestampFromMs(Date.now() - 1000),
            ...more,
          },
        },
      }),
    );
  const send = (...values: readonly (Uint8Array | string)[]) =>
    producer.send({
      topic: ofEnvironment(topics.telemetry),
      messages: values.map((value) => ({ value: Buffer.from(value) })),
    });
  /** What the tracker has counted of the model: predictions, or outcomes that met theirs. */
  const counted = async (what: 'predictions' | 'labelled' = 'predictions'): Promise<number> => {
    let count = 0;
    for (let partition = 0; partition < 2; partition++) {
      await new TopicTail(streams.log, environment, topics.snapshots, partition, {
        data: ({ kind }) => {
          if (kind.case === 'counts') count = Math.max(count, kind.value[what]);
        },
      }).toEnd();
    }
    return count;
  };
  const countedAll = () => eventually('all is counted', async () => (await counted()) === predictions);

  it('count what foreign producers send, and what cannot be read goes to the dead letters by itself', async () => {
    await send(prediction(), 'no event at all', prediction(), '{"prediction": {"model": "fraud"}}', prediction());
    await countedAll();
    const reasons: string[] = [];
    const letters = new TopicTail(streams.log, environment, topics.deadLetters, 0, {
      data: ({ detail }) => void reasons.push(detail),
    });
    await letters.until(() => reasons.length === 2, AbortSignal.timeout(minutes));
  });

  it('take what docs/events.md shows: a record by kafkajs, and a line of JSON by kcat', async () => {
    const shown = readFileSync(new URL('../../../../docs/events.md', import.meta.url), 'utf8');
    const script = /```js\n([^]*?)```/
      .exec(shown)?.[1]
      ?.replace(topicName('live', topics.telemetry), ofEnvironment(topics.telemetry));
    const line = /echo '(.*)' \|\n *kcat /.exec(shown)?.[1]?.replace(/'\$\(date [^)]*\)'/, new Date().toISOString());
    const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
    await (AsyncFunction('producer', script!) as (producer: Producer) => Promise<void>)(producer);
    predictions++;
    await countedAll();
    await send(line!);
    await eventually('the outcome has met its prediction', async () => (await counted('labelled')) === 1);
  });

  it('read an event of a newer producer, and one of an older', async () => {
    // A field of number 1000 that nobody here knows; and an event without the fields that came later.
    const newer = Buffer.concat([prediction(), Buffer.from([0xc2, 0x3e, 0x03, 0x61, 0x62, 0x63])]);
    await send(newer, prediction({ latencyMs: undefined, class: '0' }));
    await countedAll();
  });

  it('commit how far they are, so that lag can be seen', async () => {
    await send(prediction(), prediction());
    await countedAll();
    const topic = ofEnvironment(topics.intake);
    const ends = await Promise.all([0, 1].map((partition) => streams.log.bounds({ topic, partition })));
    await eventually('all of it is committed', async () => {
      const [join] = await admin.fetchOffsets({ groupId: `moola.${environment}.collector.join`, topics: [topic] });
      return ends.every(({ next }, at) => {
        return Number(join?.partitions.find(({ partition }) => partition === at)?.offset) >= next;
      });
    });
    const stored = await listTasks(`moola.${environment}/collector/join/`, fleet.variablesWith({}));
    expect(stored).toMatchObject({ ok: true, tasks: [{ task: `moola.${environment}/collector/join/0` }, {}] });
  });

  it('end in order when they are told to: another goes on at once', async () => {
    await fleet.add('collector');
    await send(prediction(), prediction());
    await countedAll();
    const [first] = fleet.of('collector');
    await first?.stop();
    expect(first?.output()).toContain('ending: finishing what is in hand');
    await send(prediction(), prediction());
    await countedAll();
    await first?.start();
  });

  it('end with an error when a topic was made anew, until they are told of it', async () => {
    await send(prediction(), prediction());
    await countedAll();
    await fleet.stopAll();
    const observations = ofEnvironment(topics.observations);
    await admin.deleteTopics({ topics: [observations] });
    await eventually('it is gone', async () => !(await admin.listTopics()).includes(observations));
    const [tracker] = fleet.of('tracker');
    await tracker?.start();
    await eventually('it ends', () => tracker?.isRunning === false);
    expect(tracker?.output()).toContain('moola tasks new-epoch');
    for (const partition of [0, 1]) {
      const variables = fleet.variablesWith({});
      expect(await newEpoch(`moola.${environment}/tracker/${partition}`, variables)).toMatchObject({
        ok: true,
        epoch: 1,
      });
    }
    await tracker?.start();
    await fleet.of('collector')[0]?.start();
    await send(prediction());
    await countedAll();
  });
});
