import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { encodeBatches, externalSource, RowColumns } from '../batch-codec.js';
import type { MergeSource } from '../merge-by-tick.js';
import type { AnyTopic, Processor, StreamRow } from '../processor.js';
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

/** The writer of rows that a processor under a schedule refuses. */
export const poisonSource = 'schedule/poison';

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
export function inputQueues(
  processors: readonly Processor<unknown>[],
  input: readonly ScheduleRow<unknown>[],
  partitionsOf: (topic: string) => number,
  poisonedRows: number,
  random: Random,
): InputQueue[] {
  const placed = withPoison(placeRows(processors, input, partitionsOf), processors, poisonedRows, random);
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
  return [...lists.values()].map((list) => {
    const queue: InputQueue = [];
    for (let from = 0; from < list.length;) {
      const first = list[from] as PlacedRow;
      const { source } = first.row;
      let to = from + 1;
      while (to < list.length && sameSource((list[to] as PlacedRow).row.source, source) && random.chance(0.6)) to++;
      const rows = list.slice(from, to).map(({ row }) => row);
      const codec = codecs.get(first.topic) ?? null;
      const [bytes] = encodeBatches(source.processor === '' ? externalSource : source, columnsOf(rows), codec);
      queue.push({ topic: first.topic, partition: first.partition, rows, bytes: bytes as Uint8Array });
      from = to;
    }
    return queue;
  });
}

function placeRows(
  processors: readonly Processor<unknown>[],
  input: readonly ScheduleRow<unknown>[],
  partitionsOf: (topic: string) => number,
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
      return { topic, partition, row: { source, position, tickMs, ...content } };
    });
  });
}

/** Copies of data rows of the first input, put in from a source whose rows the schedule's processors refuse. */
function withPoison(
  placed: PlacedRow[],
  processors: readonly Processor<unknown>[],
  poisonedRows: number,
  random: Random,
): PlacedRow[] {
  const topic = (processors[0] as Processor<unknown>).input.name;
  const data = placed.filter((each) => each.topic === topic && each.row.kind === 'data');
  if (data.length === 0) return placed;
  const result = [...placed];
  const places = Array.from({ length: poisonedRows }, () => random.below(placed.length)).sort((a, b) => a - b);
  places.forEach((place, index) => {
    const original = random.pick(data) as PlacedRow;
    const { partition } = original;
    result.splice(place + index, 0, {
      topic,
      partition,
      row: {
        ...original.row,
        source: { processor: poisonSource, partition, epoch: 0 },
        position: { offset: index, ordinal: 0 },
        tickMs: 0,
      },
    });
  });
  return result;
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
