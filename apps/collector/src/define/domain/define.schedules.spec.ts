import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { checkSchedules } from '@moola/streams/testing/schedules';
import { defineProcessor } from './define-processor.js';

describe('collector/define', () => {
  it('broadcasts the same definitions in the same versions under every schedule', async () => {
    const input = Array.from({ length: 60 }, (_, i) => ({
      definition: create(DefinitionSchema, {
        name: `model-${i % 7}`,
        kind: { case: 'model', value: { bucketMs: 1000 + i } },
      }),
      partition: 0,
    }));
    const partitions = { definitions: 1, signals: 1 };
    const { counts } = await checkSchedules({ processor: defineProcessor, input, partitions, seeds: 60 });
    expect(counts.crashes).toBeGreaterThan(0);
    expect(counts.rowsPublishedAgain).toBeGreaterThan(0);
  }, 300_000);
});
