import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import type { ForeignRecord } from '@moola/contracts/foreign-record';
import { EventBatchSchema, EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { SeededRandom } from '../../join/story/random.js';
import { contentId } from '../event-id.js';
import { identifierHash } from '../identifier-hash.js';
import { refusalLetter } from '../refusal-letter.js';
import { randomEvent, storyNowMs } from '../story/random-events.js';
import { receiveProcessor } from './receive-processor.js';

const random = new SeededRandom(7);
const event = () => create(EventSchema, randomEvent(random, 10));

function record(): ForeignRecord {
  const events = Array.from({ length: 1 + random.below(4) }, event);
  const value = random.chance(50)
    ? toBinary(EventSchema, events[0] ?? event())
    : toBinary(EventBatchSchema, create(EventBatchSchema, { events }));
  return { value, headers: {}, appendedAtMs: storyNowMs };
}

describe('collector/receive', () => {
  it('gives the same rows in the same places under every schedule', async () => {
    // In a schedule rows are framed, for the sake of an upstream that repeats itself.
    const { foreign: _, ...processor } = receiveProcessor({
      ...{ horizonMs: 31 * 24 * 3_600_000, contentId, counted: () => undefined },
      replaceIdentifier: identifierHash({ id: 'k', secret: 'a secret of enough length' }),
      letter: (refused) => refusalLetter(Buffer.alloc(32, 7), refused),
    });
    const input = Array.from({ length: 120 }, (_row, i) => ({ data: record(), partition: i % 2 }));
    const { counts } = await checkSchedules({
      ...{ processor, input, seeds: 40, outputs: [{ name: 'intake' }] },
      partitions: { telemetry: 2, intake: 3 },
    });
    expect(counts.crashes).toBeGreaterThan(0);
    expect(counts.rowsPublishedAgain).toBeGreaterThan(0);
  }, 300_000);
});
