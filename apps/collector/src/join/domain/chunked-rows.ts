import type { KeyHash } from './key-hash.js';
import { KeyIndex } from './key-index.js';
import { isPageKind, Page } from './page.js';
import { pageKinds, type PageKind } from './page-layouts.js';

const prefix = 'rows/';

/** Pages of one kind and one chunk, in the order in which they were begun. */
interface PageRun {
  readonly pages: Page[];
  readonly slots: number[];
}

/** Rows that expire together. */
interface Chunk {
  readonly endMs: number;
  readonly runs: Record<PageKind, PageRun>;
}

/** A row in place. */
export interface HeldRow<K extends PageKind> {
  readonly page: Page<K>;
  readonly row: number;
}

/**
 * The table of deduplication and join: rows by the hash of their key, in chunks by the time at which they may be
 * forgotten. A checkpoint writes the pages that were appended to; expiry drops whole chunks.
 */
export class ChunkedRows {
  private readonly chunks = new Map<number, Chunk>();
  private readonly index = new KeyIndex();
  private readonly dirty = new Map<Page, string>();
  private readonly keys = new Map<Page, string>();
  private readonly dropped = new Set<string>();
  private nextEndMs = Infinity;

  /** @param entries of a checkpoint, in any order. */
  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    const keys = [...entries.keys()].filter((key) => key.startsWith(prefix)).map(parseKey);
    keys.sort((a, b) => a.endMs - b.endMs || a.number - b.number);
    for (const { kind, endMs, number, key } of keys) {
      const page = Page.decode(kind, entries.get(key) as Uint8Array);
      const run = this.chunkEnding(endMs).runs[kind];
      if (run.pages.length !== number) throw new Error(`checkpoint lacks page ${run.pages.length} before ${key}`);
      const slot = this.addPage(run, page, key);
      for (let row = 0; row < page.count; row++) this.index.addRow(slot, row);
      if (page.full) page.close();
    }
  }

  /** Adds a row that is held at least until `untilMs`, and at most for a further `widthMs`. */
  append<K extends PageKind>(kind: K, hash: KeyHash, untilMs: number, widthMs: number): HeldRow<K> {
    const endMs = Math.ceil(untilMs / widthMs) * widthMs;
    const run = this.chunkEnding(endMs).runs[kind];
    let last = run.pages.length - 1;
    if (last < 0 || run.pages[last]?.full) {
      run.pages[last]?.close();
      last++;
      this.addPage(run, new Page(kind), `${prefix}${kind}/${endMs}/${last}`);
    }
    const page = run.pages[last] as Page<K>;
    const row = page.append(hash);
    this.index.addRow(run.slots[last] as number, row);
    this.changed(page);
    return { page, row };
  }

  /** Calls for every row of a key, in no particular order. */
  forEach(hash: KeyHash, visit: (page: Page, row: number) => void): void {
    this.index.forEach(hash, visit);
  }

  /** A row of the page is about to be changed in place. */
  changed(page: Page): void {
    this.dirty.set(page, this.keys.get(page) as string);
  }

  /**
   * Drops the chunks that ended before `nowMs`, the earliest first.
   * @param visit sees every page that is about to go, in the order in which its rows came.
   */
  dropBefore(nowMs: number, visit: (page: Page) => void): void {
    while (this.nextEndMs < nowMs) {
      const chunk = this.chunks.get(this.nextEndMs) as Chunk;
      for (const kind of pageKinds) {
        const { pages, slots } = chunk.runs[kind];
        pages.forEach((page, number) => {
          visit(page);
          this.index.removePage(slots[number] as number);
          this.dropped.add(this.keys.get(page) as string);
          this.keys.delete(page);
          this.dirty.delete(page);
        });
      }
      this.chunks.delete(chunk.endMs);
      this.nextEndMs = [...this.chunks.keys()].reduce((least, endMs) => Math.min(least, endMs), Infinity);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    for (const key of this.dropped) into.set(key, null);
    for (const [page, key] of this.dirty) into.set(key, page.encode());
    this.dropped.clear();
    this.dirty.clear();
  }

  private addPage(run: PageRun, page: Page, key: string): number {
    const slot = this.index.addPage(page);
    run.pages.push(page);
    run.slots.push(slot);
    this.keys.set(page, key);
    return slot;
  }

  private chunkEnding(endMs: number): Chunk {
    let chunk = this.chunks.get(endMs);
    if (!chunk) {
      const run = (): PageRun => ({ pages: [], slots: [] });
      chunk = { endMs, runs: { prediction: run(), outcome: run(), event: run() } };
      this.chunks.set(endMs, chunk);
      this.nextEndMs = Math.min(this.nextEndMs, endMs);
    }
    return chunk;
  }
}

function parseKey(key: string): { kind: PageKind; endMs: number; number: number; key: string } {
  const [, kind = '', endMs, number] = key.split('/');
  if (!isPageKind(kind)) throw new Error(`checkpoint entry ${key} is of no known kind`);
  return { kind, endMs: Number(endMs), number: Number(number), key };
}
