import { TemporaryFile } from './temporary-file.js';

/** Words of an entry. */
export const entryWords = 6;
/** The first of them are its key. */
export const keyWords = 3;
/** That of the line; 0: the entry is free. */
export const lineWord = keyWords;

/** Of so many entries the first word is kept in memory. */
const indexedEntries = 128;
/** Three bits of the filter are set by an entry: of the keys that a run lacks it lets one in two hundred pass. */
const filterBits = 16;

/** Entries in order of their first word, in the file from `at` on. */
interface Run {
  readonly at: number;
  readonly count: number;
  /** The first word of each block. */
  readonly firsts: Uint32Array;
  /** A bloom filter: without it each key would be looked up in every run. */
  readonly filter: Uint32Array;
}

/** Entries that memory did not hold, on the disk in runs. In memory there are about two bytes of each. */
export class ToldRuns {
  private readonly runs: Run[] = [];
  private file: TemporaryFile | null = null;

  /** Adds a run. @param slots entries, some of them free */
  add(slots: Uint32Array): void {
    const order = inOrder(slots);
    const entries = new Uint32Array(order.length * entryWords);
    for (let i = 0, at = 0; i < order.length; i++) {
      const from = order[i] as number;
      for (let word = 0; word < entryWords; word++) entries[at++] = slots[from + word] as number;
    }
    this.file ??= new TemporaryFile('outcomes');
    const at = this.file.append(new Uint8Array(entries.buffer));
    this.runs.push({ at, count: order.length, firsts: firstWords(entries), filter: filterOf(entries) });
  }

  /** An entry; `null`: there is none with that key. */
  find(key: Uint32Array): Uint32Array | null {
    for (const run of this.runs) {
      if (!mayHold(run.filter, key)) continue;
      const found = this.findIn(run, key);
      if (found !== null) return found;
    }
    return null;
  }

  close(): void {
    this.file?.close();
    this.file = null;
  }

  private findIn({ at, count, firsts }: Run, key: Uint32Array): Uint32Array | null {
    const first = key[0] as number;
    // The first block that may hold it begins below it, or is the first of all.
    const from = Math.max(0, blocksBefore(firsts, first) - 1) * indexedEntries;
    const to = Math.min(count, blocksBefore(firsts, first + 1) * indexedEntries);
    if (to <= from) return null;
    const width = entryWords * 4;
    const bytes = (this.file as TemporaryFile).read(at + from * width, (to - from) * width);
    const entries = new Uint32Array(bytes.buffer);
    for (let i = 0; i < entries.length; i += entryWords) {
      if (isSameKey(entries, i, key)) return entries.subarray(i, i + entryWords);
    }
    return null;
  }
}

export function isSameKey(entries: Uint32Array, at: number, key: Uint32Array): boolean {
  return entries[at] === key[0] && entries[at + 1] === key[1] && entries[at + 2] === key[2];
}

/** Where the entries begin that are not free, by their first word. */
function inOrder(slots: Uint32Array): Float64Array {
  const count = slots.length / entryWords;
  const places = new Float64Array(count);
  let taken = 0;
  // Word and slot in one number, of up to 52 bits: a typed array of numbers sorts many times as fast.
  for (let slot = 0; slot < count; slot++) {
    const at = slot * entryWords;
    if (slots[at + lineWord] !== 0) places[taken++] = (slots[at] as number) * count + slot;
  }
  const sorted = places.slice(0, taken).sort();
  for (let i = 0; i < taken; i++) sorted[i] = ((sorted[i] as number) % count) * entryWords;
  return sorted;
}

function firstWords(entries: Uint32Array): Uint32Array {
  const width = indexedEntries * entryWords;
  return Uint32Array.from(
    { length: Math.ceil(entries.length / width) },
    (_, block) => entries[block * width] as number,
  );
}

/** How many blocks begin below a word. */
function blocksBefore(firsts: Uint32Array, word: number): number {
  let [low, high] = [0, firsts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((firsts[middle] as number) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function filterOf(entries: Uint32Array): Uint32Array {
  let words = 1;
  while (words * 32 * entryWords < entries.length * filterBits) words *= 2;
  const filter = new Uint32Array(words);
  const mask = words * 32 - 1;
  for (let at = 0; at < entries.length; at += entryWords) {
    for (let word = 0; word < keyWords; word++) {
      const bit = (entries[at + word] as number) & mask;
      filter[bit >>> 5] = (filter[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }
  return filter;
}

function mayHold(filter: Uint32Array, key: Uint32Array): boolean {
  const mask = filter.length * 32 - 1;
  for (let word = 0; word < keyWords; word++) {
    const bit = (key[word] as number) & mask;
    if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}
