import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { mergedByTick } from './merge-by-tick.js';
import type { Emitter, Processor, RowContent, StreamRow } from './processor.js';
import { Random } from '../adapters/simulated/random.js';
import { judge } from '../adapters/simulated/synthetic.js';

const context = { environment: 'test', partition: 0, partitions: 1, life: 0 };
const sources = [
  { processor: 'a', partition: 0 },
  { processor: 'a', partition: 1 },
  { processor: 'b', partition: 0 },
];

/** What a source writes: a number is a tick. */
type Written = string | number | { readonly version: number };

function rowsOf(processor: string, partition: number, written: readonly Written[]): StreamRow<string>[] {
  return written.map((each, offset) => {
    const content: RowContent<string> =
      typeof each === 'number'
        ? { kind: 'tick' }
        : typeof each === 'string'
          ? { kind: 'data', value: each }
          : { kind: 'definition', definition: create(DefinitionSchema, each) };
    const tickMs = typeof each === 'number' ? each : 0;
    return { source: { processor, partition, epoch: 0 }, position: { offset, ordinal: 0 }, tickMs, ...content };
  });
}

/** What comes out, in order; the task is restored from its entries before the rows at these indexes. */
function run(
  processor: Processor<string>,
  rows: readonly StreamRow<string>[],
  restoreBefore: ReadonlySet<number>,
): string[] {
  const out: string[] = [];
  const stored = new Map<string, Uint8Array>();
  let state = processor.restore(stored, context);
  const emitter: Emitter = {
    emit: (_topic, _partition, value) => out.push(String(value)),
    forward: () => undefined,
    partitionsOf: () => 1,
    applying: () => true,
  };
  rows.forEach((row, index) => {
    if (restoreBefore.has(index)) {
      for (const [key, bytes] of state.takeChanges()) bytes === null ? stored.delete(key) : stored.set(key, bytes);
      state = processor.restore(new Map([...stored].reverse()), context);
    }
    state.apply(row, emitter);
  });
  return out;
}

function interleaved(queues: readonly (readonly StreamRow<string>[])[], random: Random): StreamRow<string>[] {
  const left = queues.map((queue) => [...queue]);
  const rows: StreamRow<string>[] = [];
  for (;;) {
    const queue = random.pick(left.filter(({ length }) => length > 0));
    if (queue === undefined) return rows;
    rows.push(queue.shift() as StreamRow<string>);
  }
}

const merged = mergedByTick(judge, { sources });

const written = [
  rowsOf('a', 0, ['a0 early', 'a0 x', 1, 'a0 data-caused', 2, 'a0 y', 3, 4]),
  rowsOf('a', 1, [1, 2, 'a1 z', 'a1 z again', 3, 4]),
  rowsOf('b', 0, ['b0 u', 2, 'b0 v', 4]),
  rowsOf('', 0, [1, 'person', 2, 3, 4]),
];

describe('rows of several sources, merged by tick', () => {
  it('give one result in thousands of interleavings, with restores anywhere; without the merge they do not', () => {
    const random = new Random(5);
    const results = new Set<string>();
    const unmerged = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const rows = interleaved(written, random);
      const restores = new Set([random.below(rows.length), random.below(rows.length), random.below(rows.length)]);
      results.add(run(merged, rows, restores).join('\n'));
      unmerged.add(run(judge, rows, restores).join('\n'));
    }
    expect(results.size).toBe(1);
    expect(unmerged.size).toBeGreaterThan(50);
  });

  it('are applied by tick, environment first, then source and position; the tick row comes last', () => {
    const texts = run(merged, interleaved(written, new Random(1)), new Set()).map((line) => line.split(' → ')[0]);
    expect(texts).toEqual([
      ...['a0 early', 'a0 x', 'tick'],
      ...['person', 'a0 data-caused', 'b0 u', 'tick'],
      ...['a0 y', 'a1 z', 'a1 z again', 'tick'],
      ...['b0 v', 'tick'],
    ]);
  });

  it('wait for the slowest source', () => {
    const quiet = mergedByTick(judge, { sources: [{ processor: 'a', partition: 0 }] });
    expect(run(quiet, [...rowsOf('a', 0, ['x', 1, 2, 3]), ...rowsOf('', 0, [1])], new Set())).toHaveLength(2);
  });

  it('order what has no position by content', () => {
    const results = new Set<string>();
    const random = new Random(3);
    for (let i = 0; i < 100; i++) {
      const feedback = random.shuffled(rowsOf('', 0, ['zoe', 'ann', { version: 9 }, 'bob', 'ann', { version: 4 }]));
      const rows = [...rowsOf('', 0, [1]), ...feedback, ...rowsOf('', 0, [2])];
      results.add(run(mergedByTick(judge, { sources: [] }), rows, new Set([random.below(rows.length)])).join('\n'));
    }
    expect([...results].map((lines) => lines.replace(/ → \d+/g, '').split('\n'))).toEqual([
      ['tick', 'definition', 'definition', 'ann', 'ann', 'bob', 'zoe', 'tick'],
    ]);
  });

  it('apply definitions as they come until the first tick', () => {
    const rows = [
      ...rowsOf('define', 0, [{ version: 1 }]),
      ...rowsOf('', 0, ['person', { version: 2 }]),
      ...rowsOf('a', 0, ['x']),
    ];
    expect(run(merged, rows, new Set())).toHaveLength(2);
  });

  it('of a source that is not declared wait for the next tick of the environment', () => {
    const rows = [...rowsOf('other', 0, ['first', 7, 'second']), ...rowsOf('', 0, ['zed', 1])];
    const texts = run(mergedByTick(judge, { sources: [] }), rows, new Set([1, 3])).map((line) => line.split(' → ')[0]);
    expect(texts).toEqual(['zed', 'first', 'second', 'tick']);
  });

  it('count once when an environment tick is written again', () => {
    const once = [...rowsOf('', 0, ['x', 1, 2])];
    const again = [...rowsOf('', 0, ['x', 1, 1, 2, 2, 1])];
    const none = mergedByTick(judge, { sources: [] });
    expect(run(none, again, new Set([3]))).toEqual(run(none, once, new Set()));
  });
});
