import type { KeyHash } from './key-hash.js';
import { KeyIndex } from './key-index.js';
import { isPageKind, Page, rowsPerPage } from './page.js';
import { pageKinds, type PageKind } from './page-layouts.js';

const prefix = 'rows/';

/** Kinds of rows that are of a model's inputs. */
const inputKinds = ['prediction', 'probablePrediction', 'valuePrediction', 'outcome', 'valueOutcome'] as const;

/** So many rows may be dropped at once: a tick must not keep others waiting. The rest follows at the next ones. */
const mostRowsDropped = 65_536;

/** Of dropped pages of a kind that have room for so many rows the memory is used again. */
const mostSpentRows = 16_384;

interface RunPage {
  readonly page: Page;
  /** By which the index names it. */
  readonly slot: number;
}

/** Pages of one kind and one chunk, in the order in which they were begun. */
interface PageRun {
  readonly pages: RunPage[];
  /** How many were dropped from its beginning. */
  dropped: number;
}

/** Rows that expire together. */
interface Chunk {
  readonly endMs: number;
  readonly runs: Record<PageKind, PageRun>;
}

/**
 * The table of deduplication and join: rows by the hash of their key, in chunks by the time at which they may be
 * forgotten. A checkpoint writes the pages that were appended to; expiry drops whole chunks.
 */
export class ChunkedRows {
  private readonly chunks = new Map<number, Chunk>();
  private readonly index = new KeyIndex();
  private unsaved: Page[] = [];
  private readonly dropped = new Set<string>();
  private nextEndMs = Infinity;
  private readonly spent = Object.fromEntries(pageKinds.map((kind) => [kind, new SpentPages()])) as Record<
    PageKind,
    SpentPages
  >;
  /** Most rows go to the chunk of the row before. */
  private last: Chunk | null = null;

  /** @param entries of a checkpoint, in any order. */
  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    const keys = [...entries.keys()].filter((key) => key.startsWith(prefix)).map(parseKey);
    keys.sort((a, b) => a.endMs - b.endMs || a.number - b.number);
    for (const { kind, endMs, number, key } of keys) {
      const page = Page.decode(kind, key, entries.get(key) as Uint8Array);
      const run = this.chunkEnding(endMs).runs[kind];
      // A chunk may be half dropped; within what is left no page can be missing.
      if (run.pages.length === 0) run.dropped = number;
      const next = run.dropped + run.pages.length;
      if (next !== number) throw new Error(`checkpoint lacks page ${next} before ${key}`);
      const slot = this.addPage(run, page);
      for (let row = 0; row < page.count; row++) this.index.addRow(slot, row);
      if (page.full) page.close();
    }
  }

  /**
   * Adds a row that is held at least until `untilMs`, and at most for a further `widthMs`.
   * @returns its page, of which it is the last row
   */
  append<K extends PageKind>(kind: K, hash: KeyHash, untilMs: number, widthMs: number): Page<K> {
    const endMs = Math.ceil(untilMs / widthMs) * widthMs;
    const { page, slot } = this.openPage(kind, this.chunkEnding(endMs).runs[kind], endMs);
    this.index.addRow(slot, page.append(hash));
    this.changed(page);
    return page as Page<K>;
  }

  /** Of which there are predictions or outcomes. */
  *models(): IterableIterator<string> {
    for (const { runs } of this.chunks.values()) {
      for (const { page } of inputKinds.flatMap((kind) => runs[kind].pages)) {
        const { model } = (page as Page<(typeof inputKinds)[number]>).columns;
        for (const index of new Set(model.subarray(0, page.count))) yield page.string(index);
      }
    }
  }

  has(hash: KeyHash): boolean {
    return this.index.has(hash);
  }

  /** Calls for every row of a key, in no particular order. */
  forEach(hash: KeyHash, visit: (page: Page, row: number) => void): void {
    this.index.forEach(hash, visit);
  }

  /** A row of the page is about to be changed in place. */
  changed(page: Page): void {
    if (page.unsaved) return;
    page.unsaved = true;
    this.unsaved.push(page);
  }

  /**
   * Drops pages of the chunks that ended before `nowMs`, the earliest first, up to a stated number of rows.
   * @param visit sees every page that is about to go, in the order in which its rows came.
   */
  dropBefore(nowMs: number, visit: (page: Page) => void): void {
    let rows = 0;
    while (this.nextEndMs < nowMs) {
      const { runs } = this.chunks.get(this.nextEndMs) as Chunk;
      for (const kind of pageKinds) {
        const run = runs[kind];
        for (let first = run.pages[0]; first !== undefined; first = run.pages[0]) {
          if (rows >= mostRowsDropped) return;
          rows += first.page.count;
          visit(first.page);
          this.drop(run, first.page, first.slot);
        }
      }
      this.chunks.delete(this.nextEndMs);
      this.last = null;
      this.nextEndMs = [...this.chunks.keys()].reduce((least, endMs) => Math.min(least, endMs), Infinity);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    for (const key of this.dropped) into.set(key, null);
    for (const page of this.unsaved) {
      // A page that was dropped has nothing to save any more.
      if (page.unsaved) into.set(page.key, page.encode());
      page.unsaved = false;
    }
    this.dropped.clear();
    this.unsaved = [];
  }

  /** The page of a run that is not full; begun where there is none. */
  private openPage(kind: PageKind, run: PageRun, endMs: number): RunPage {
    const last = run.pages.at(-1);
    if (last !== undefined && !last.page.full) return last;
    last?.page.close();
    const key = `${prefix}${kind}/${endMs}/${run.dropped + run.pages.length}`;
    // Where one page was filled the next one is likely to be.
    this.addPage(run, last === undefined ? this.firstPage(kind, key) : new Page(kind, key, rowsPerPage));
    return run.pages.at(-1) as RunPage;
  }

  private firstPage(kind: PageKind, key: string): Page {
    const spent = this.spent[kind].take();
    return spent === undefined ? new Page(kind, key) : Page.inPlaceOf(spent, key);
  }

  private addPage(run: PageRun, page: Page): number {
    const slot = this.index.addPage(page);
    run.pages.push({ page, slot });
    return slot;
  }

  private drop(run: PageRun, page: Page, slot: number): void {
    this.index.removePage(slot);
    run.pages.shift();
    run.dropped++;
    this.dropped.add(page.key);
    page.unsaved = false;
    this.spent[page.kind].add(page);
  }

  private chunkEnding(endMs: number): Chunk {
    if (this.last?.endMs === endMs) return this.last;
    let chunk = this.chunks.get(endMs);
    if (!chunk) {
      const run = (): PageRun => ({ pages: [], dropped: 0 });
      chunk = { endMs, runs: Object.fromEntries(pageKinds.map((kind) => [kind, run()])) as Chunk['runs'] };
      this.chunks.set(endMs, chunk);
      this.nextEndMs = Math.min(this.nextEndMs, endMs);
    }
    this.last = chunk;
    return chunk;
  }
}

/** Pages that were dropped, of one kind. */
class SpentPages {
  private readonly pages: Page[] = [];
  private rows = 0;

  add(page: Page): void {
    // A full one would be too much for a chunk with few rows.
    if (page.full || this.rows + page.capacity > mostSpentRows) return;
    this.rows += page.capacity;
    this.pages.push(page);
  }

  take(): Page | undefined {
    const page = this.pages.pop();
    this.rows -= page?.capacity ?? 0;
    return page;
  }
}

function parseKey(key: string): { kind: PageKind; endMs: number; number: number; key: string } {
  const [, kind = '', endMs, number] = key.split('/');
  if (!isPageKind(kind)) throw new Error(`checkpoint entry ${key} is of no known kind`);
  return { kind, endMs: Number(endMs), number: Number(number), key };
}
