import { toBinary } from '@bufbuild/protobuf';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { RowCodec, Topic } from '@moola/contracts/topic';
import { decodeBatch, rowKind } from '../../processor/batch-codec.js';
import type { DeadLetters } from '../../task/dead-letters.js';
import type { LogRecord } from '../../ports/event-log.js';
import type { RowContent } from '../../processor/processor.js';
import { advance, SeenPositions } from '../../task/seen-positions.js';
import { textTopic } from './text-topic.js';

/** A partition's rows, source by source, in the order in which a reader accepts them: one line a row. */
export type RowsBySource = ReadonlyMap<string, readonly string[]>;

const letters: Topic<string> = textTopic('schedule-dead-letters');

/** Dead letters of a schedule: reason and bytes, and not where the row stood, which is another place in each schedule. */
export const scheduleDeadLetters: DeadLetters<string> = {
  topic: letters,
  letter: ({ reason, kind, bytes }) => `${reason}|${kind}|${Buffer.from(bytes).toString('base64')}`,
};

/** A row as one line that is equal only for equal rows. */
export function line<T>(topic: string, tickMs: number, content: RowContent<T>, codec: RowCodec<T> | null): string {
  // When a merged processor meets a poisoned row depends on the schedule, and so does the time then.
  const time = topic === letters.name ? '-' : tickMs;
  switch (content.kind) {
    case 'tick':
      return `${time} tick`;
    case 'definition':
      return `${time} definition ${base64(toBinary(DefinitionSchema, content.definition))}`;
    case 'data':
      return `${time} data ${codec === null ? '?' : base64(codec.encode([content.value]))}`;
  }
}

/** What a reader accepts of a partition, how many rows it drops, and whether two rows claim one position. */
export function accepted(
  topic: string,
  records: readonly LogRecord[],
  codec: RowCodec<unknown>,
): { readonly rows: RowsBySource; readonly repeated: number; readonly conflict: string | null } {
  const seen = new SeenPositions(new Map());
  const rows = new Map<string, string[]>();
  const byPosition = new Map<string, string>();
  let repeated = 0;
  let conflict: string | null = null;
  for (const record of records) {
    const { source, kinds, offsets, ordinals, ticks, data, definitions } = decodeBatch(record.value, codec);
    const name = `${source.processor}/${source.partition}`;
    let nextData = 0;
    let nextDefinition = 0;
    kinds.forEach((kind, row) => {
      const definition = kind === rowKind.definition ? definitions[nextDefinition++] : undefined;
      const content: RowContent<unknown> =
        kind === rowKind.data
          ? { kind: 'data', value: data[nextData++] }
          : definition !== undefined
            ? { kind: 'definition', definition }
            : { kind: 'tick' };
      const text = line(topic, ticks[row] as number, content, codec);
      if (source.processor === '') return;
      const offset = offsets[row] as number;
      const ordinal = ordinals[row] as number;
      const position = `${name} at ${offset}.${ordinal}`;
      const before = byPosition.get(position);
      if (before !== undefined && before !== text) conflict ??= `${position} is both\n  ${before}\n  ${text}`;
      byPosition.set(position, text);
      if (!advance(seen.of(source), source.epoch, offset, ordinal)) {
        repeated++;
        return;
      }
      const list = rows.get(name) ?? [];
      rows.set(name, list);
      list.push(text);
    });
  }
  return { rows, repeated, conflict };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
