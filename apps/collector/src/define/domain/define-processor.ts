import { clone } from '@bufbuild/protobuf';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topics } from '@moola/contracts/topics';
import type { Emitter, Processor, StreamRow, TaskState } from '@moola/streams/processor/processor';

/** Where definitions take effect: the input topics of the processors that do not get them from upstream. */
const targets = [topics.intake, topics.signals, topics.notifications] as const;

/** It remembers nothing: a definition's version is its offset. */
const broadcast: TaskState<Definition> = {
  apply(row: StreamRow<Definition>, emitter: Emitter): void {
    if (row.kind === 'tick') return;
    const definition = clone(DefinitionSchema, row.kind === 'data' ? row.value : row.definition);
    definition.version = row.position.offset;
    const { source, position, tickMs } = row;
    if (!emitter.applying({ source, position, tickMs, kind: 'definition', definition })) return;
    for (const topic of targets) emitter.forward(topic, 'all');
  },
  takeChanges: () => new Map(),
};

/**
 * `definitions` → every partition of `intake`, `signals` and `notifications`: from there each definition takes effect in
 * order, at the same row in live, replay and recovery.
 */
export const defineProcessor: Processor<Definition> = {
  name: 'collector/define',
  input: topics.definitions,
  outputs: targets,
  restore: () => broadcast,
};
