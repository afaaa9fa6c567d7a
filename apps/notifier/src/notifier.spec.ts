import 'reflect-metadata';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeliveryOutcome, type DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { NotificationSchema, type NotificationIntentSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import type { Topic } from '@moola/contracts/topic';
import { topicName, topics } from '@moola/contracts/topics';
import { decodeBatch, externalBatch } from '@moola/streams/processor/batch-codec';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { eventually } from '@moola/streams/testing/eventually';
import { StreamTransport } from '@moola/streams/nest/stream-transport';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { NotifierModule } from './notifier.module.js';
import { attemptsWith } from './story/attempts.js';
import { HttpPeer } from './story/http-peer.js';

const environment = 'test';
const partitions = 2;

/** The whole notifier, on a durable log, from what people should hear to the receipt on the incident's record. */
describe('notifier', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let embedded: Embedded;
  let peer: HttpPeer;
  let app: INestMicroservice;

  beforeEach(async () => {
    folder = await temporaryFolder();
    peer = await HttpPeer.start({ status: 200, body: 'ok' });
    await start();
  });
  afterEach(async () => {
    await stop();
    await peer.close();
    await folder.remove();
  });

  async function start(): Promise<void> {
    embedded = await openEmbedded({ folder: folder.path });
    const { log, store } = embedded;
    const names = [topics.notifications, topics.deliveries, topics.signals, topics.deadLetters].map((topic) => ({
      name: topicName(environment, topic),
      partitions: topic === topics.signals ? 1 : partitions,
      ...{ retentionMs: null, retentionBytes: null },
    }));
    await log.createTopics(names);
    const deadLetters = {
      topic: topics.deadLetters as Topic<unknown>,
      letter({ reason }: { readonly reason: string }): never {
        throw new Error(reason);
      },
    };
    const strategy = new StreamTransport({
      ...{ log, store, environment, clock: systemClock, token: () => randomUUID(), notices: () => undefined },
      ...{ time: 'wall', deadLetters },
    });
    const { perform } = attemptsWith({ MOOLA_CHANNEL_TEAM_SLACK_URL: `${peer.url}/secret` });
    const module = NotifierModule.with({ time: 'wall', plan: { expiresAfterMs: 0 }, perform });
    app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
  }

  async function stop(): Promise<void> {
    await app.close();
    await embedded.close();
  }

  const at = (topic: { readonly name: string }, partition: number) => ({
    topic: topicName(environment, topic),
    partition,
  });

  async function notify(id: string, fields: MessageInitShape<typeof NotificationIntentSchema> = {}): Promise<void> {
    const intent = {
      id,
      audience: 'team',
      severity: Severity.INFO,
      dedupKey: 'k',
      eventAction: 'trigger',
      title: id,
      ...fields,
    };
    const value = create(NotificationSchema, { atMs: 1000, kind: { case: 'intent', value: intent } });
    const target = at(topics.notifications, partitionOf('team', partitions));
    await embedded.log.append(target, externalBatch(topics.notifications, [{ kind: 'data', value }]));
  }

  async function tick(tickMs: number): Promise<void> {
    for (let partition = 0; partition < partitions; partition++) {
      const rows = externalBatch(topics.notifications, [{ kind: 'tick', tickMs }]);
      await embedded.log.append(at(topics.notifications, partition), rows);
    }
  }

  async function receipts(): Promise<DeliveryReceipt[]> {
    const { records } = await embedded.log.read(at(topics.signals, 0), 0, 1 << 20);
    return records
      .flatMap(({ value }) => decodeBatch(value, topics.signals.codec).data)
      .flatMap(({ kind }) => (kind.case === 'receipt' ? [kind.value] : []));
  }

  const recorded = (count: number): Promise<void> =>
    eventually(`${count} receipts are on the record`, async () => (await receipts()).length >= count);

  it('tells, retries when time has come, and puts every receipt on the record, once, over a restart', async () => {
    peer.next({ status: 503 });
    await tick(1000);
    await notify('n1');
    await recorded(1);
    await stop();
    await start();
    await notify('n1');
    await tick(60_000);
    await recorded(2);
    await notify('n2');
    await recorded(3);
    const told = (await receipts()).map(({ notification, attempt, outcome }) => [
      notification,
      attempt,
      DeliveryOutcome[outcome],
    ]);
    expect(told).toEqual([
      ['n1', 1, 'RETRYABLE'],
      ['n1', 2, 'DELIVERED'],
      ['n2', 1, 'DELIVERED'],
    ]);
    expect(peer.requests).toHaveLength(3);
  });
});
