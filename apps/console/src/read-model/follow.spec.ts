import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { incidentStory } from '../testing/incident-facts.js';
import { topics } from '@moola/contracts/topics';
import { encodeBatches, externalBatch, RowColumns } from '@moola/streams/processor/batch-codec';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import { eventually } from '@moola/streams/testing/eventually';
import { follow } from './follow.js';

const at = { topic: 'incidents', partition: 0 };
const story = incidentStory(0);

describe('following a partition', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let embedded: Embedded;
  let stop: AbortController;

  beforeEach(async () => {
    folder = await temporaryFolder();
    embedded = await openEmbedded({ folder: folder.path });
    await embedded.log.createTopics([{ name: at.topic, partitions: 1, retentionMs: null, retentionBytes: null }]);
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await embedded.close();
    await folder.remove();
  });

  /** Follows until a tick says that this is all. */
  async function followed(): Promise<string[]> {
    const seen: string[] = [];
    let ended = false;
    await embedded.log.append(at, externalBatch(topics.incidents, [{ kind: 'tick', tickMs: 99 }]));
    const running = follow(
      embedded.log,
      at,
      topics.incidents,
      {
        data: ({ number }, { offset, index }) => void seen.push(`${number} at ${offset}/${index}`),
        tick: (tickMs) => void (tickMs === 99 ? (ended = true) : seen.push(`tick ${tickMs}`)),
        progress: () => undefined,
      },
      stop.signal,
    );
    await eventually('all is read', () => ended);
    stop.abort();
    await running;
    return seen;
  }

  /** A record of a writer that has positions: events by their place in the story, from an input offset on. */
  function published(offset: number, events: readonly number[], epoch = 0): Uint8Array[] {
    const rows = new RowColumns<(typeof story)[number]>();
    events.forEach((event, ordinal) => rows.addData(offset, ordinal, 0, story[event - 1] as (typeof story)[number]));
    rows.addTick(offset, events.length, offset);
    return encodeBatches({ processor: 'responder/decide', partition: 0, epoch }, rows, topics.incidents.codec);
  }

  it('tells how much is left, and asks the log for it only while something is', async () => {
    for (let n = 1; n <= 3; n++) await embedded.log.append(at, published(n, [n]));
    let asked = 0;
    let rows = 0;
    const told: number[] = [];
    const log = Object.create(embedded.log, {
      bounds: { value: (of: TopicPartition) => (asked++, embedded.log.bounds(of)) },
      // A record at a time.
      read: { value: (of: TopicPartition, from: number) => embedded.log.read(of, from, 1) },
    }) as EventLog;
    const follower = {
      data: () => void rows++,
      tick: () => undefined,
      progress: (left: number) => void told.push(left),
    };
    const running = follow(log, at, topics.incidents, follower, stop.signal);
    await eventually('all is read', () => told.includes(0) && rows === 3);
    expect(told.filter((left, i) => left !== told[i - 1])).toEqual([2, 1, 0]);
    const before = asked;
    for (let n = 4; n <= 6; n++) {
      await embedded.log.append(at, published(n, [n]));
      await eventually('it is read', () => rows === n);
    }
    expect(asked).toBe(before);
    expect(told.at(-1)).toBe(0);
    stop.abort();
    await running;
  });

  it('tells where each row stands', async () => {
    await embedded.log.append(at, published(1, [1, 2]));
    await embedded.log.append(at, published(2, [3]));
    expect(await followed()).toEqual(['1 at 0/0', '2 at 0/1', 'tick 1', '3 at 1/0', 'tick 2']);
  });

  it('counts once what a writer published again after a crash, wherever its batches are cut', async () => {
    await embedded.log.append(at, published(1, [1, 2]));
    await embedded.log.append(at, published(2, [3]));
    await embedded.log.append(at, published(1, [1]));
    await embedded.log.append(at, published(1, [1, 2]));
    await embedded.log.append(at, [...published(2, [3]), ...published(3, [4])]);
    expect(await followed()).toEqual(['1 at 0/0', '2 at 0/1', 'tick 1', '3 at 1/0', 'tick 2', '4 at 5/0', 'tick 3']);
  });

  it('takes the rows of a later epoch, though their offsets begin anew', async () => {
    await embedded.log.append(at, published(7, [1]));
    await embedded.log.append(at, published(1, [2], 1));
    expect(await followed()).toEqual(['1 at 0/0', 'tick 7', '2 at 1/0', 'tick 1']);
  });

  it('takes every row that has no position', async () => {
    const twice = externalBatch(
      topics.incidents,
      [story[0], story[0]].map((value) => ({ kind: 'data', value: value as (typeof story)[number] })),
    );
    await embedded.log.append(at, twice);
    expect(await followed()).toEqual(['1 at 0/0', '1 at 0/1']);
  });
});
