import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch, externalBatch } from '../processor/batch-codec.js';
import { openEmbedded, type Embedded } from '../adapters/embedded/open-embedded.js';
import { temporaryFolder } from '../adapters/embedded/temporary-folder.js';
import { eventually } from '../testing/eventually.js';
import type { Processor } from '../processor/processor.js';
import { counter, counts, words } from '../adapters/simulated/synthetic.js';
import { textTopic } from '../adapters/simulated/text-topic.js';
import { systemClock } from '../adapters/system-clock.js';
import { StreamEffect, StreamProcessor, type EffectStart } from './stream-handlers.js';
import { StreamTransport } from './stream-transport.js';

const results = textTopic('results');
const letters = textTopic('dead-letters');
const environment = 'nest';

@Controller()
class CountController {
  @StreamProcessor()
  count(): Processor<string> {
    return counter;
  }
}

@Controller()
class ShoutController {
  @StreamEffect()
  shout(): EffectStart {
    return async ({ log }) => {
      const { close, failed, hasJoined } = await log.join('shout', at(counts).topic, {
        assigned: async () => 0,
        async batch({ records }) {
          const rows = records.flatMap(({ value }) => decodeBatch(value, counts.codec).data);
          await log.append(at(results), rowRecords(results, ...rows.map((row) => row.toUpperCase())));
        },
        revoked: async () => undefined,
      });
      return { close, failed, behind: () => [], standings: () => [], joining: () => (hasJoined() ? null : 'shout') };
    };
  }
}

@Controller()
class BrokenController {
  @StreamProcessor()
  count(): Processor<string> {
    return {
      ...counter,
      name: 'test/broken',
      restore: () => ({
        apply() {
          throw new Error('out of luck');
        },
        takeChanges: () => new Map(),
      }),
    };
  }
}

@Module({ controllers: [CountController, ShoutController] })
class Shouting {}

@Controller()
class EmptyController {
  @StreamProcessor()
  count(): Processor<string> {
    throw new Error('no definition');
  }
}

@Module({ controllers: [BrokenController] })
class Broken {}

const started: string[] = [];
let joining: string | null = null;
const starts = (name: string) => {
  started.push(name);
  const close = async () => void started.push(`${name} closed`);
  const failed = new Promise<never>(() => undefined);
  return { close, failed, behind: () => [], standings: () => [], joining: () => joining };
};

@Controller()
class TouchController {
  @StreamEffect()
  touch(): EffectStart {
    return async () => starts('effect');
  }
}

@Controller()
class ThinkController {
  @StreamProcessor()
  think(): Processor<string> {
    started.push('processor');
    return counter;
  }
}

@Module({ controllers: [TouchController, ThinkController] })
class Touching {}

@Module({ controllers: [CountController, EmptyController] })
class Empty {}

const at = (topic: { readonly name: string }) => ({ topic: topicName(environment, topic), partition: 0 });

const rowRecords = (topic: Topic<string>, ...rows: readonly string[]) =>
  externalBatch(
    topic,
    rows.map((value) => ({ kind: 'data', value })),
  );

describe('the Nest transport', () => {
  let embedded: Embedded;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    const folder = await temporaryFolder();
    remove = folder.remove;
    embedded = await openEmbedded({ folder: folder.path });
  });
  afterEach(async () => {
    await embedded.close();
    await remove();
  });
  const makeTopics = () =>
    embedded.log.createTopics(
      [words, counts, results, letters].map((topic) => ({
        ...{ name: at(topic).topic, partitions: 1 },
        ...{ retentionMs: null, retentionBytes: null },
      })),
    );
  const say = (word: string) => embedded.log.append(at(words), rowRecords(words, word));
  const rowsOf = async (topic: typeof words) => {
    const { records } = await embedded.log.read(at(topic), 0, Infinity);
    return records.flatMap(({ value }) => decodeBatch(value, topic.codec).data);
  };
  const start = async (module: new () => object) => {
    const transport = new StreamTransport({
      ...{ log: embedded.log, store: embedded.store, clock: systemClock, token: () => randomUUID(), environment },
      ...{ time: 'replay', deadLetters: { topic: letters, letter: ({ reason }) => reason } },
      notices: () => undefined,
    });
    const statuses: string[] = [];
    transport.status.subscribe((status) => statuses.push(status));
    const app = await NestFactory.createMicroservice(module, { strategy: transport, logger: false });
    return { app, transport, statuses };
  };

  it('runs the processors and effects that controllers declare', async () => {
    await makeTopics();
    const { app, transport, statuses } = await start(Shouting);
    await app.listen();
    expect(transport.unwrap()).toHaveLength(2);
    await say('hear');
    await say('hear');
    await eventually('both are shouted', async () => (await rowsOf(results)).length === 2);
    expect(await rowsOf(results)).toEqual(['HEAR 1 AT 0', 'HEAR 2 AT 0']);
    await app.close();
    expect(statuses).toEqual(['running', 'closed']);
  });

  it('closes with a checkpoint, and goes on from there', async () => {
    await makeTopics();
    const first = await start(Shouting);
    await first.app.listen();
    await say('hear');
    await eventually('it is counted', async () => (await rowsOf(counts)).length === 1);
    await first.app.close();
    const { checkpoint } = await embedded.store.acquire(`moola.${environment}/${counter.name}/0`, 'auditor');
    expect(checkpoint?.position).toBe(1);
    await say('hear');
    expect(await rowsOf(counts)).toEqual(['hear 1 at 0']);
    const second = await start(Shouting);
    await second.app.listen();
    await eventually('it is counted on', async () => (await rowsOf(counts)).length === 2);
    expect(await rowsOf(counts)).toEqual(['hear 1 at 0', 'hear 2 at 0']);
    await second.app.close();
  });

  it('starts effects last and ends them first', async () => {
    await makeTopics();
    const { app } = await start(Touching);
    await app.listen();
    expect(started).toEqual(['processor', 'effect']);
    await app.close();
    expect(started).toEqual(['processor', 'effect', 'effect closed']);
  });

  it('says which groups have not told yet what is ours', async () => {
    await makeTopics();
    const { app, transport } = await start(Touching);
    joining = 'a-group';
    await app.listen();
    expect(transport.joining()).toEqual(['a-group']);
    joining = null;
    expect(transport.joining()).toEqual([]);
    await app.close();
  });

  it('shows a task that has stopped for good', async () => {
    await makeTopics();
    const { app, transport, statuses } = await start(Broken);
    const told = new Promise((resolve) => transport.on('failed', resolve));
    await app.listen();
    await say('hear');
    await expect(transport.failed).rejects.toThrow('out of luck');
    expect(await told).toMatchObject({ message: 'out of luck' });
    expect(statuses).toEqual(['running', 'failed']);
    await app.close();
  });

  it('does not begin to listen when a topic is missing', async () => {
    const { app, transport } = await start(Shouting);
    await expect(app.listen()).rejects.toThrow(at(words).topic);
    expect(transport.unwrap()).toEqual([]);
    await app.close();
  });

  it('does not begin to listen when a controller has nothing to run, and lets go of what was started', async () => {
    await makeTopics();
    const { app, transport } = await start(Empty);
    await expect(app.listen()).rejects.toThrow('EmptyController.count gave nothing to run');
    expect(transport.unwrap()).toEqual([]);
    await app.close();
  });
});
