import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Emitter, RowContent, StreamRow } from '@moola/streams/processor/processor';
import { defineProcessor } from './define-processor.js';

const definition = create(DefinitionSchema, { name: 'fraud', kind: { case: 'model', value: { bucketMs: 5000 } } });

/** Where a row at this offset went, and in which version. */
function broadcast(offset: number, content: RowContent<Definition>): string[] {
  const sent: string[] = [];
  const source = { processor: '', partition: 0, epoch: 0 };
  let applied: StreamRow<unknown> | null = null;
  const emitter: Emitter = {
    emit: (topic) => sent.push(`data to ${topic.name}`),
    forward: (topic, partition) => {
      const version = applied?.kind === 'definition' ? applied.definition.version : null;
      sent.push(`${topic.name}/${partition} version ${version}`);
    },
    partitionsOf: () => 3,
    applying: (row) => {
      applied = row;
      return true;
    },
  };
  const state = defineProcessor.restore(new Map(), { environment: 'test', partition: 0, partitions: 1, life: 0 });
  state.apply({ source, position: { offset, ordinal: 0 }, tickMs: 0, ...content }, emitter);
  return sent;
}

describe('collector/define', () => {
  it('broadcasts a definition, its offset as its version, wherever it takes effect', () => {
    const everywhere = ['intake/all version 7', 'signals/all version 7', 'notifications/all version 7'];
    expect(broadcast(7, { kind: 'definition', definition })).toEqual(everywhere);
    expect(broadcast(7, { kind: 'data', value: definition })).toEqual(everywhere);
  });

  it('leaves the row that it was given as it is', () => {
    broadcast(7, { kind: 'definition', definition });
    expect(definition.version).toBe(0);
  });

  it('has no use for ticks', () => {
    expect(broadcast(8, { kind: 'tick' })).toEqual([]);
  });
});
