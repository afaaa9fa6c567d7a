import { expectFormat } from '@moola/contracts/entry-format';
import { ownCopy } from '@moola/contracts/own-copy';
import type { KeyHash } from './key-hash.js';
import { mapText, numbersOf } from './map-text.js';
import { noneAsked, askedNames, type Asked, type AskedName } from '@moola/contracts/columns/held-columns';
import {
  askedLayout,
  formatOneLayouts,
  pageKinds,
  pageLayouts,
  type PageKind,
  type PageLayout,
} from './page-layouts.js';

type Arrays = { float64: Float64Array; uint32: Uint32Array; uint16: Uint16Array; uint8: Uint8Array };

/** The columns of a kind of page, as typed arrays. */
export type Columns<L extends PageLayout> = { [K in keyof L]: Arrays[L[K]] };
export type PageColumns<K extends PageKind> = Columns<(typeof pageLayouts)[K]>;

/** Rows of a page. A page is the unit that a checkpoint writes: with 16 to 75 bytes a row at most about 75 KB. */
export const rowsPerPage = 1024;
const leastCapacity = 16;
const format = 2;
/** What a page's rows lie in, but for the columns that few have. */
type PageMemory<K extends PageKind> = Pick<Page<K>, 'columns' | 'hashes' | 'next'>;

const constructors = { float64: Float64Array, uint32: Uint32Array, uint16: Uint16Array, uint8: Uint8Array } as const;

/**
 * Up to 1,024 rows of one kind and one time chunk, as columns, with a dictionary of their strings. Rows are appended and
 * hardly ever changed. It grows by doubling, so that a quiet chunk stays small.
 */
export class Page<K extends PageKind = PageKind> {
  columns: PageColumns<K>;
  /** Four words a row. */
  hashes: KeyHash;
  /** The next row of the same key, as the index's reference + 1; 0 ends the chain. In memory only. */
  next: Uint32Array;
  count = 0;
  /** Has rows that are not in the last checkpoint. */
  unsaved = false;
  /** Of the columns that models ask for, those of which a row has a value. */
  private readonly asked = new Map<AskedName, Float64Array | Uint16Array>();
  private strings: string[] = [''];
  private stringIndexes: Map<string, number> | null = null;

  /** @param key of its entry in a checkpoint. @param memory whatever it holds: a row is written before it is read */
  constructor(
    readonly kind: K,
    readonly key: string,
    public capacity = leastCapacity,
    memory: PageMemory<K> = newMemory(kind, capacity),
  ) {
    this.columns = memory.columns;
    this.hashes = memory.hashes;
    this.next = memory.next;
  }

  /** An empty page in the memory of one that nobody reads any more: typed arrays take longer to make than to fill. */
  static inPlaceOf<K extends PageKind>(spent: Page<K>, key: string): Page<K> {
    return new Page(spent.kind, key, spent.capacity, spent);
  }

  get full(): boolean {
    return this.count === rowsPerPage;
  }

  /** Adds a row with this hash; its columns are for the caller to fill. */
  append(hash: KeyHash): number {
    if (this.count === this.capacity) this.grow();
    const { hashes, count } = this;
    for (let word = 0; word < 4; word++) hashes[4 * count + word] = hash[word] as number;
    return this.count++;
  }

  hash(row: number): KeyHash {
    return this.hashes.subarray(4 * row, 4 * row + 4);
  }

  string(index: number): string {
    return this.strings[index] as string;
  }

  /** Sets a column that a model asks for. */
  setAsked(name: AskedName, row: number, value: Asked[AskedName]): void {
    if (Object.is(value, noneAsked[name])) return;
    const kept = typeof value === 'object' ? mapText(value) : value;
    this.askedColumn(name)[row] = typeof kept === 'string' ? this.intern(kept) : kept;
  }

  /** What a row has in the columns that models ask for. */
  askedOf(row: number): Asked {
    if (this.asked.size === 0) return noneAsked;
    const values: Record<string, Asked[AskedName]> = { ...noneAsked };
    for (const [name, column] of this.asked) {
      const value = column[row] as number;
      const isText = askedLayout[name] === 'uint16';
      values[name] = name === 'features' ? numbersOf(this.string(value)) : isText ? this.string(value) : value;
    }
    return values as unknown as Asked;
  }

  private askedColumn(name: AskedName): Float64Array | Uint16Array {
    let column = this.asked.get(name);
    if (column === undefined) {
      column = absentColumn(name, this.capacity);
      this.asked.set(name, column);
    }
    return column;
  }

  /** Index of a string in the page's dictionary. At most seven strings a row: they fit 16 bits. */
  intern(text: string): number {
    if (text === '') return 0;
    this.stringIndexes ??= new Map(this.strings.map((string, index) => [string, index]));
    let index = this.stringIndexes.get(text);
    if (index === undefined) {
      const own = ownCopy(text);
      index = this.strings.push(own) - 1;
      this.stringIndexes.set(own, index);
    }
    return index;
  }

  /** No more rows will come: what only appending needs is let go. */
  close(): void {
    this.stringIndexes = null;
  }

  private grow(): void {
    const { columns, hashes, next } = this;
    this.capacity = Math.min(rowsPerPage, this.capacity * 2);
    Object.assign(this, newMemory(this.kind, this.capacity));
    for (const name of Object.keys(columns) as (keyof PageColumns<K>)[]) {
      (this.columns[name] as Float64Array).set(columns[name] as Float64Array);
    }
    for (const [name, column] of this.asked) {
      const larger = absentColumn(name, this.capacity);
      larger.set(column);
      this.asked.set(name, larger);
    }
    this.hashes.set(hashes);
    this.next.set(next);
  }

  /** Format, count, names and types of the columns, hashes, the columns, then the strings as JSON. */
  encode(): Uint8Array {
    const { count } = this;
    const columns = this.namedColumns();
    const header = encoder.encode(columns.map(([name, type]) => `${name}:${type}`).join(','));
    const text = encoder.encode(JSON.stringify(this.strings));
    const parts = [this.hashes.subarray(0, 4 * count), ...columns.map(([, , column]) => column.subarray(0, count))];
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const bytes = new Uint8Array(5 + header.length + size + text.length);
    bytes.set([format, count & 0xff, count >>> 8, header.length & 0xff, header.length >>> 8]);
    bytes.set(header, 5);
    let position = 5 + header.length;
    for (const part of parts) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), position);
      position += part.byteLength;
    }
    bytes.set(text, position);
    return bytes;
  }

  /** Columns that this version does not have are passed over, those that the entry lacks stay absent. */
  static decode<K extends PageKind>(kind: K, key: string, bytes: Uint8Array): Page<K> {
    expectFormat(key, bytes[0], format, [1]);
    const count = (bytes[1] as number) | ((bytes[2] as number) << 8);
    const isFirst = bytes[0] === 1;
    const headerBytes = isFirst ? 0 : (bytes[3] as number) | ((bytes[4] as number) << 8);
    const from = isFirst ? 3 : 5;
    const layout = isFirst
      ? Object.entries(formatOneLayouts[kind])
      : decoder
          .decode(bytes.subarray(from, from + headerBytes))
          .split(',')
          .map((each) => each.split(':'));
    let capacity = leastCapacity;
    while (capacity < count) capacity *= 2;
    const page = new Page(kind, key, capacity);
    page.count = count;
    let position = from + headerBytes;
    const take = (into: Arrays[keyof Arrays] | null, size: number): void => {
      const read = bytes.subarray(position, position + size);
      if (into !== null) new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(read);
      position += size;
    };
    take(page.hashes, 16 * count);
    for (const [name = '', type = ''] of layout) {
      const width = constructors[type as keyof Arrays].BYTES_PER_ELEMENT;
      take(page.columnNamed(name, type), width * count);
    }
    page.strings = JSON.parse(decoder.decode(bytes.subarray(position))) as string[];
    return page;
  }

  /** `null`: this version has no such column of that type. */
  private columnNamed(name: string, type: string): Arrays[keyof Arrays] | null {
    const own: PageLayout = pageLayouts[this.kind];
    if (own[name] === type) return (this.columns as Record<string, Arrays[keyof Arrays]>)[name] ?? null;
    const asked = askedNames.find((each) => each === name);
    return asked !== undefined && askedLayout[asked] === type ? this.askedColumn(asked) : null;
  }

  private namedColumns(): readonly (readonly [string, string, Arrays[keyof Arrays]])[] {
    const layout: PageLayout = pageLayouts[this.kind];
    const own = Object.entries(this.columns as Record<string, Arrays[keyof Arrays]>);
    return [
      ...own.map(([name, column]) => [name, layout[name] as string, column] as const),
      ...askedNames.flatMap((name) => {
        const column = this.asked.get(name);
        return column === undefined ? [] : [[name, askedLayout[name], column] as const];
      }),
    ];
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Of rows that have no value there. */
function absentColumn(name: AskedName, capacity: number): Float64Array | Uint16Array {
  return askedLayout[name] === 'uint16' ? new Uint16Array(capacity) : new Float64Array(capacity).fill(NaN);
}

export function isKind<K extends PageKind>(page: Page, kind: K): page is Page<K> {
  return page.kind === kind;
}

export function isPageKind(text: string): text is PageKind {
  return (pageKinds as readonly string[]).includes(text);
}

function newMemory<K extends PageKind>(kind: K, capacity: number): PageMemory<K> {
  const layout: PageLayout = pageLayouts[kind];
  const columns = Object.fromEntries(
    Object.entries(layout).map(([name, type]) => [name, new constructors[type](capacity)]),
  ) as PageColumns<K>;
  return { columns, hashes: new Uint32Array(4 * capacity), next: new Uint32Array(capacity) };
}
