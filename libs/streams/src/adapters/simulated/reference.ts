import type { RowCodec, Topic } from '@moola/contracts/topic';
import type { AnyTopic, Emitter, Processor, RowContent, StreamRow } from '../../processor/processor.js';
import { line, scheduleDeadLetters } from './canonical.js';
import type { ScheduleInput } from './schedule-rows.js';

/** What should come out: lines by topic, partition and source; and the codec of every topic that got data. */
export interface Reference {
  readonly rows: Map<string, Map<string, string[]>>;
  readonly codecs: Map<string, RowCodec<unknown>>;
}

/**
 * Applies the input to each processor in turn, in memory, in a few plain lines that share nothing with the runtime: no
 * batches, positions, checkpoints.
 */
export function referenceOf(
  processors: readonly Processor<unknown>[],
  input: ScheduleInput,
  partitionsOf: (topic: string) => number,
): Reference {
  const partitions = new Map<string, StreamRow<unknown>[]>();
  const reference: Reference = { rows: new Map(), codecs: new Map() };
  const rowsOf = (topic: string, partition: number): StreamRow<unknown>[] => {
    const key = `${topic}/${partition}`;
    const rows = partitions.get(key) ?? [];
    partitions.set(key, rows);
    return rows;
  };
  for (const record of input.queues.flat()) rowsOf(record.topic, record.partition).push(...record.rows);

  for (const processor of processors) {
    const count = partitionsOf(processor.input.name);
    for (let partition = 0; partition < count; partition++) applyAll(processor, partition, count);
  }
  return reference;

  function applyAll(processor: Processor<unknown>, partition: number, count: number): void {
    const source = { processor: processor.name, partition, epoch: 0 };
    const state = processor.restore(new Map(), { environment: 'test', partition, partitions: count, life: 0 });
    let timeMs = 0;
    let tickMs = 0;
    let current: StreamRow<unknown> | null = null;
    let offset = 0;

    const put = (topic: AnyTopic, target: number | 'same', content: RowContent<unknown>): void => {
      const to = target === 'same' ? partition : target;
      const codec = reference.codecs.get(topic.name) ?? null;
      const at = `${topic.name}/${to}`;
      const lines = reference.rows.get(at) ?? new Map<string, string[]>();
      reference.rows.set(at, lines);
      const writer = `${processor.name}/${partition}`;
      const stampMs = current?.tickMs ?? 0;
      const written = lines.get(writer) ?? [];
      lines.set(writer, written);
      written.push(line(topic.name, stampMs, content, codec));
      rowsOf(topic.name, to).push({ source, position: { offset, ordinal: 0 }, tickMs: stampMs, ...content });
    };
    const emitter: Emitter = {
      emit<T>(topic: Topic<T>, target: number | 'same', value: T) {
        reference.codecs.set(topic.name, topic.codec);
        put(topic, target, { kind: 'data', value: topic.codec.decode(topic.codec.encode([value]))[0] });
      },
      forward(topic, target) {
        if (current === null || current.kind === 'data') throw new Error('only ticks and definitions are passed on');
        const content = current;
        const targets = target === 'all' ? [...Array(partitionsOf(topic.name)).keys()] : [target];
        for (const each of targets) {
          put(
            topic,
            each,
            content.kind === 'tick' ? { kind: 'tick' } : { kind: 'definition', definition: content.definition },
          );
        }
      },
      partitionsOf: (topic) => partitionsOf(topic.name),
      applying(row) {
        current = row;
        return true;
      },
    };

    for (const row of [...rowsOf(processor.input.name, partition)]) {
      offset++;
      if (row.kind === 'tick' && row.tickMs <= tickMs && processor.ticks !== 'all') continue;
      if (row.kind === 'tick') tickMs = Math.max(tickMs, row.tickMs);
      timeMs = Math.max(timeMs, row.tickMs);
      const applied = { ...row, tickMs: row.kind === 'tick' && processor.ticks === 'all' ? row.tickMs : timeMs };
      emitter.applying(applied);
      if (processor !== processors[0] || !input.isPoisoned(row, partition)) {
        state.apply(applied, emitter);
        continue;
      }
      const bytes = row.kind === 'data' ? processor.input.codec.encode([row.value]) : new Uint8Array();
      const letter = scheduleDeadLetters.letter({
        environment: 'test',
        processor: processor.name,
        partition,
        offset,
        row: 0,
        tickMs: timeMs,
        reason: poisonReason,
        kind: row.kind,
        bytes,
      });
      emitter.emit(scheduleDeadLetters.topic, partition % partitionsOf(scheduleDeadLetters.topic.name), letter);
    }
  }
}

export const poisonReason = 'poisoned by the schedule';
