import { expectFormat } from '@moola/contracts/entry-format';
import { ownCopy } from '@moola/contracts/own-copy';
import type { KeyHash } from './key-hash.js';
import { pageKinds, pageLayouts, type PageKind, type PageLayout } from './page-layouts.js';

type Arrays = { float64: Float64Array; uint32: Uint32Array; uint16: Uint16Array; uint8: Uint8Array };

/** The columns of a kind of page, as typed arrays. */
export type Columns<L extends PageLayout> = { [K in keyof L]: Arrays[L[K]] };
export type PageColumns<K extends PageKind> = Columns<(typeof pageLayouts)[K]>;

/** Rows of a page. A page is the unit that a checkpoint writes: with 16 to 75 bytes a row at most about 75 KB. */
export const rowsPerPage = 1024;
const leastCapacity = 16;
const format = 1;
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
  private strings: string[] = [''];
  private stringIndexes: Map<string, number> | null = null;

  /** @param key of its entry in a checkpoint */
  constructor(
    readonly kind: K,
    readonly key: string,
    private capacity = leastCapacity,
  ) {
    this.columns = makeColumns(kind, capacity);
    this.hashes = new Uint32Array(4 * capacity);
    this.next = new Uint32Array(capacity);
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

  /** Index of a string in the page's dictionary. At most four strings a row: they fit 16 bits. */
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
    this.columns = makeColumns(this.kind, this.capacity);
    this.hashes = new Uint32Array(4 * this.capacity);
    this.next = new Uint32Array(this.capacity);
    for (const name of Object.keys(columns) as (keyof PageColumns<K>)[]) {
      (this.columns[name] as Float64Array).set(columns[name] as Float64Array);
    }
    this.hashes.set(hashes);
    this.next.set(next);
  }

  /** Format, count, the columns by their widths, then the strings as JSON. */
  encode(): Uint8Array {
    const { count } = this;
    const text = new TextEncoder().encode(JSON.stringify(this.strings));
    const parts = [this.hashes.subarray(0, 4 * count), ...this.columnList().map((column) => column.subarray(0, count))];
    const bytes = new Uint8Array(3 + parts.reduce((sum, part) => sum + part.byteLength, 0) + text.length);
    bytes[0] = format;
    bytes[1] = count & 0xff;
    bytes[2] = count >>> 8;
    let position = 3;
    for (const part of parts) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), position);
      position += part.byteLength;
    }
    bytes.set(text, position);
    return bytes;
  }

  static decode<K extends PageKind>(kind: K, key: string, bytes: Uint8Array): Page<K> {
    expectFormat(key, bytes[0], format);
    const count = (bytes[1] as number) | ((bytes[2] as number) << 8);
    let capacity = leastCapacity;
    while (capacity < count) capacity *= 2;
    const page = new Page(kind, key, capacity);
    page.count = count;
    let position = 3;
    const parts = [page.hashes.subarray(0, 4 * count), ...page.columnList().map((column) => column.subarray(0, count))];
    for (const part of parts) {
      const target = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
      target.set(bytes.subarray(position, position + part.byteLength));
      position += part.byteLength;
    }
    page.strings = JSON.parse(new TextDecoder().decode(bytes.subarray(position))) as string[];
    return page;
  }

  private columnList(): Arrays[keyof Arrays][] {
    return Object.values(this.columns as Record<string, Arrays[keyof Arrays]>);
  }
}

export function isKind<K extends PageKind>(page: Page, kind: K): page is Page<K> {
  return page.kind === kind;
}

export function isPageKind(text: string): text is PageKind {
  return (pageKinds as readonly string[]).includes(text);
}

function makeColumns<K extends PageKind>(kind: K, capacity: number): PageColumns<K> {
  const layout: PageLayout = pageLayouts[kind];
  return Object.fromEntries(
    Object.entries(layout).map(([name, type]) => [name, new constructors[type](capacity)]),
  ) as PageColumns<K>;
}
