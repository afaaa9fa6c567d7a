import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  defaultRecordLimits,
  encodeBatches,
  externalSource,
  lastPosition,
  RowColumns,
} from '../../processor/batch-codec.js';
import type { MergeSource } from '../../processor/merge-by-tick.js';
import type { AnyTopic, Processor, StreamRow } from '../../processor/processor.js';
import type { SourcePosition } from '../../processor/source-position.js';
import type { Random } from './random.js';

/** An input row of a schedule. */
export type ScheduleRow<In> = {
  /** @default 0 for data; every partition for ticks and definitions */
  readonly partition?: number;
  /**
   * Who wrote it; `''` as processor: nobody with positions.
   * @default the environment for ticks, one upstream task a partition for data and definitions
   */
  readonly source?: MergeSource;
} & ScheduleContent<In>;

export type ScheduleContent<In> = (
  | { readonly data: In }
  /** Milliseconds since the epoch. */
  | { readonly tick: number }
  | { readonly definition: Definition }
) & {
  /** Where a chain takes it in. @default the first processor's input */
  readonly topic?: AnyTopic;
};

/** What the world appends in a schedule. */
export interface ScheduleInput {
  readonly queues: readonly InputQueue[];
  /** True for the rows that the first processor refuses. */
  isPoisoned(row: StreamRow<unknown>, partition: number): boolean;
}

/** A record that the world appends. */
export interface InputRecord {
  readonly topic: string;
  readonly partition: number;
  readonly rows: readonly StreamRow<unknown>[];
  readonly bytes: Uint8Array;
}

/** Records that keep their order among each other. */
export type InputQueue = InputRecord[];

interface PlacedRow {
  readonly topic: string;
  readonly partition: number;
  readonly row: StreamRow<unknown>;
}

/**
 * Cuts input rows into records, at places that the seed chooses. What goes to one partition keeps its order; but where a
 * processor merges by tick, only each source's rows do.
 */
export function scheduleInput(
  processors: readonly Processor<unknown>[],
  input: readonly ScheduleRow<unknown>[],
  partitionsOf: (topic: string) => number,
  poisonedRows: number,
  random: Random,
): ScheduleInput {
  const { rows, copies } = withPoison(processors, input, poisonedRows, random);
  const poisoned = new Set<string>();
  const placed = placeRows(processors, rows, partitionsOf, (original, { partition, row }) => {
    if (copies.has(original)) poisoned.add(poisonKey(row, partition));
  });
  const merged = new Set(processors.filter(({ ticks }) => ticks === 'all').map((processor) => processor.input.name));
  const codecs = new Map(processors.map((processor) => [processor.input.name, processor.input.codec]));
  const lists = new Map<string, PlacedRow[]>();
  for (const each of placed) {
    const { source } = each.row;
    const queue = merged.has(each.topic) ? `${source.processor}/${source.partition}` : '';
    const key = `${each.topic}/${each.partition}/${queue}`;
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    list.push(each);
  }
  const queues = [...lists.values()].map((list) => {
    const queue: InputQueue = [];
    const sent = new Map<string, SourcePosition>();
    for (let from = 0; from < list.length;) {
      const first = list[from] as PlacedRow;
      const { source } = first.row;
      let to = from + 1;
      while (to < list.length && sameSource((list[to] as PlacedRow).row.source, source) && random.chance(0.6)) to++;
      const rows = list.slice(from, to).map(({ row }) => row);
      const codec = codecs.get(first.topic) ?? null;
      const columns = columnsOf(rows);
      const name = `${source.processor}/${source.partition}`;
      const writer = source.processor === '' ? externalSource : source;
      const [bytes] = encodeBatches(writer, columns, codec, defaultRecordLimits, sent.get(name) ?? null);
      if (source.processor !== '') sent.set(name, lastPosition(source, columns));
      queue.push({ topic: first.topic, partition: first.partition, rows, bytes: bytes as Uint8Array });
      from = to;
    }
    return queue;
  });
  return { queues, isPoisoned: (row, partition) => poisoned.has(poisonKey(row, partition)) };
}

function poisonKey({ source, position }: StreamRow<unknown>, partition: number): string {
  return `${partition} ${source.processor}/${source.partition} ${position.offset}.${position.ordinal}`;
}

function placeRows(
  processors: readonly Processor<unknown>[],
  input: readonly ScheduleRow<unknown>[],
  partitionsOf: (topic: string) => number,
  placed: (original: ScheduleRow<unknown>, row: PlacedRow) => void,
): PlacedRow[] {
  const counts = new Map<string, number>();
  const ticks = new Map<string, number>();
  return input.flatMap((row) => {
    const topic = (row.topic ?? (processors[0] as Processor<unknown>).input).name;
    const everywhere = Array.from({ length: partitionsOf(topic) }, (_, partition) => partition);
    const targets = row.partition !== undefined ? [row.partition] : 'data' in row ? [0] : everywhere;
    return targets.map((partition) => {
      const upstream = { processor: 'tick' in row ? '' : 'schedule/source', partition };
      const source = { ...(row.source ?? upstream), epoch: 0 };
      const at = `${topic}/${partition}`;
      const key = `${at}/${source.processor}/${source.partition}`;
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      if ('tick' in row) ticks.set(at, Math.max(ticks.get(at) ?? 0, row.tick));
      // Two rows an offset, so that ordinals count as well.
      const position = { offset: count >> 1, ordinal: count & 1 };
      const tickMs = 'tick' in row ? row.tick : source.processor === '' ? 0 : (ticks.get(at) ?? 0);
      const content =
        'data' in row
          ? { kind: 'data' as const, value: row.data }
          : 'tick' in row
            ? { kind: 'tick' as const }
            : { kind: 'definition' as const, definition: row.definition };
      const result = { topic, partition, row: { source, position, tickMs, ...content } };
      placed(row, result);
      return result;
    });
  });
}

/** Adds copies of data rows of the first input, anywhere: each from the source of its original, among that one's rows. */
function withPoison(
  processors: readonly Processor<unknown>[],
  input: readonly ScheduleRow<unknown>[],
  poisonedRows: number,
  random: Random,
): { rows: ScheduleRow<unknown>[]; copies: Set<ScheduleRow<unknown>> } {
  const topic = (processors[0] as Processor<unknown>).input.name;
  const originals = input.filter(
    (row) => 'data' in row && (row.topic?.name ?? topic) === topic && row.source?.processor !== '',
  );
  const rows = [...input];
  const copies = new Set<ScheduleRow<unknown>>();
  for (let i = 0; i < poisonedRows && originals.length > 0; i++) {
    const copy = { ...(random.pick(originals) as ScheduleRow<unknown>) };
    copies.add(copy);
    rows.splice(random.below(rows.length + 1), 0, copy);
  }
  return { rows, copies };
}

function sameSource(a: MergeSource, b: MergeSource): boolean {
  return a.processor === b.processor && a.partition === b.partition;
}

function columnsOf(rows: readonly StreamRow<unknown>[]): RowColumns<unknown> {
  const columns = new RowColumns<unknown>();
  for (const row of rows) {
    const { offset, ordinal } = row.source.processor === '' ? { offset: 0, ordinal: 0 } : row.position;
    if (row.kind === 'data') columns.addData(offset, ordinal, row.tickMs, row.value);
    else if (row.kind === 'tick') columns.addTick(offset, ordinal, row.tickMs);
    else columns.addDefinition(offset, ordinal, row.tickMs, row.definition);
  }
  return columns;
}
