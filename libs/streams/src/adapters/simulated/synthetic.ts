import { partitionOf } from '@moola/contracts/partition-of';
import { jsonEntry, KeyedState } from '../../processor/keyed-state.js';
import type { Emitter, Processor, StreamRow, TaskState } from '../../processor/processor.js';
import { textTopic } from './text-topic.js';

/** Small processors that the runtime is tested with. Rows are words such as `left a 3`. */

export const words = textTopic('words');
export const counts = textTopic('counts');
export const pairs = textTopic('pairs');
export const sums = textTopic('sums');
export const verdicts = textTopic('verdicts');
export const spread = textTopic('spread');

type Apply<V> = (state: KeyedState<V>, row: StreamRow<string>, emitter: Emitter) => void;

function processor<V>(
  name: string,
  input: typeof words,
  outputs: readonly { readonly name: string }[],
  apply: Apply<V>,
): Processor<string> {
  return {
    name,
    input,
    outputs,
    restore(entries): TaskState<string> {
      const state = new KeyedState<V>('key/', jsonEntry<V>(1), entries);
      return {
        apply: (row, emitter) => apply(state, row, emitter),
        takeChanges() {
          const changes = new Map<string, Uint8Array | null>();
          state.takeChanges(changes);
          return changes;
        },
      };
    },
  };
}

/** Counts words; at a tick it tells all counts, in key order. */
export const counter = processor<{ n: number }>('test/counter', words, [counts], (state, row, emitter) => {
  if (row.kind === 'data') {
    const count = state.change(row.value, () => ({ n: 0 }));
    count.n++;
    emitter.emit(counts, 'same', `${row.value} ${count.n} at ${row.tickMs}`);
  } else if (row.kind === 'tick') {
    for (const [word, { n }] of state.entries()) emitter.emit(counts, 'same', `${word}: ${n}`);
    emitter.forward(counts, 'same');
  } else {
    emitter.forward(counts, 'same');
  }
});

/** Joins `left k v` with `right k v`, once; what was joined is forgotten. */
export const joiner = processor<{ side: string; value: string }>(
  'test/joiner',
  words,
  [pairs],
  (state, row, emitter) => {
    if (row.kind !== 'data') {
      emitter.forward(pairs, 'same');
      return;
    }
    const [side = '', key = '', value = ''] = row.value.split(' ');
    const other = state.get(key);
    if (other === undefined || other.side === side) {
      state.set(key, { side, value });
      return;
    }
    state.delete(key);
    emitter.emit(pairs, 'same', side === 'left' ? `${key} ${value} ${other.value}` : `${key} ${other.value} ${value}`);
  },
);

/** Adds up pairs, and tells at each tick, to one partition for all, what it has added since. */
export const summer = processor<{ sum: number; told: number }>('test/summer', pairs, [sums], (state, row, emitter) => {
  if (row.kind === 'data') {
    const [key = '', left, right] = row.value.split(' ');
    state.change(key, () => ({ sum: 0, told: 0 })).sum += Number(left) * 10 + Number(right);
    return;
  }
  for (const key of state.keys()) {
    const entry = state.get(key);
    if (entry === undefined || entry.sum === entry.told) continue;
    emitter.emit(sums, 0, `${key} +${entry.sum - entry.told}`);
    state.change(key, () => entry).told = entry.sum;
  }
  emitter.forward(sums, 0);
});

/** Depends on the order of everything: a chain of all that it has read. */
export const judge = processor<{ chain: number }>('test/judge', sums, [verdicts], (state, row, emitter) => {
  const entry = state.change('all', () => ({ chain: 7 }));
  const text = row.kind === 'data' ? row.value : row.kind;
  for (const character of `${text} ${row.tickMs}`) entry.chain = (entry.chain * 31 + character.charCodeAt(0)) % 1000003;
  emitter.emit(verdicts, 'same', `${text} → ${entry.chain}`);
});

/** Sends each word to the partition of its key, its count to all partitions, and passes ticks on to all. */
export const spreader = processor<{ n: number }>('test/spreader', words, [spread, counts], (state, row, emitter) => {
  if (row.kind !== 'data') {
    emitter.forward(spread, 'all');
    return;
  }
  const partitions = emitter.partitionsOf(spread);
  const count = state.change(row.value, () => ({ n: 0 }));
  count.n++;
  emitter.emit(spread, partitionOf(row.value, partitions), row.value);
  for (let partition = 0; partition < partitions; partition++)
    emitter.emit(spread, partition, `${row.value} ${count.n}`);
  emitter.emit(counts, 'same', `${row.value} ${count.n}`);
});
