import type { KeyHash } from './key-hash.js';
import { rowsPerPage, type Page } from './page.js';

const rowBits = 10;
const rowMask = rowsPerPage - 1;
const leastSlots = 1024;

/** Where a row is: its page's slot and its number in it. */
export type RowReference = number;

/**
 * Finds the rows of a key: open addressing with linear probing, at most two thirds full. A slot is a reference and the
 * first word of the key's hash beside it, so that a probe touches one line of memory and no page before it is likely to
 * be right. Rows of one key are chained through `Page.next`, the newest first. It is rebuilt when state is restored:
 * nothing may depend on the order of a chain.
 */
export class KeyIndex {
  private readonly pages: (Page | null)[] = [];
  private readonly freeSlots: number[] = [];
  /** Two words a slot: reference + 1 of the newest row of a key (0 is empty), and the first word of its hash. */
  private slots = new Uint32Array(2 * leastSlots);
  private keys = 0;

  /** Gives a page the slot by which references name it. */
  addPage(page: Page): number {
    const slot = this.freeSlots.pop() ?? this.pages.length;
    this.pages[slot] = page;
    return slot;
  }

  /** Takes the rows of a page out and frees its slot. */
  removePage(slot: number): void {
    const page = this.page(slot);
    for (let row = 0; row < page.count; row++) this.remove(page, row, ((slot << rowBits) | row) >>> 0);
    this.pages[slot] = null;
    this.freeSlots.push(slot);
  }

  addRow(slot: number, row: number): void {
    if (this.keys * 3 >= this.slots.length) this.grow();
    const page = this.page(slot);
    const at = this.find(page.hashes, 4 * row);
    const head = this.slots[at] as number;
    if (head === 0) this.keys++;
    page.next[row] = head;
    this.slots[at] = (((slot << rowBits) | row) >>> 0) + 1;
    this.slots[at + 1] = page.hashes[4 * row] as number;
  }

  has(hash: KeyHash): boolean {
    return this.slots[this.find(hash, 0)] !== 0;
  }

  /** Calls for every row of a key, in no particular order. */
  forEach(hash: KeyHash, visit: (page: Page, row: number) => void): void {
    let link = this.slots[this.find(hash, 0)] as number;
    while (link !== 0) {
      const reference = link - 1;
      const page = this.page(reference >>> rowBits);
      const row = reference & rowMask;
      link = page.next[row] as number;
      visit(page, row);
    }
  }

  private page(slot: number): Page {
    const page = this.pages[slot];
    if (!page) throw new Error(`the join's index names a page that was dropped (slot ${slot})`);
    return page;
  }

  /** Where the slot begins that holds a key, or the empty one where it belongs. */
  private find(hashes: KeyHash, offset: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    const first = hashes[offset] as number;
    let at = (first << 1) & mask;
    for (;;) {
      const link = slots[at] as number;
      if (link === 0 || (slots[at + 1] === first && this.isKey(link - 1, hashes, offset))) return at;
      at = (at + 2) & mask;
    }
  }

  private isKey(reference: RowReference, hashes: KeyHash, offset: number): boolean {
    const own = this.page(reference >>> rowBits).hashes;
    const at = 4 * (reference & rowMask);
    return (
      own[at] === hashes[offset] &&
      own[at + 1] === hashes[offset + 1] &&
      own[at + 2] === hashes[offset + 2] &&
      own[at + 3] === hashes[offset + 3]
    );
  }

  private remove(page: Page, row: number, reference: RowReference): void {
    const at = this.find(page.hashes, 4 * row);
    const after = page.next[row] as number;
    if (this.slots[at] === reference + 1) {
      if (after === 0) this.vacate(at);
      else this.slots[at] = after;
      return;
    }
    let link = this.slots[at] as number;
    while (link !== 0) {
      const before = this.page((link - 1) >>> rowBits);
      const beforeRow = (link - 1) & rowMask;
      link = before.next[beforeRow] as number;
      if (link === reference + 1) {
        before.next[beforeRow] = after;
        return;
      }
    }
  }

  /** Empties a slot, and moves those behind it that were only there because it was taken (Knuth 6.4, algorithm R). */
  private vacate(at: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let hole = at;
    let next = (hole + 2) & mask;
    while (slots[next] !== 0) {
      const home = ((slots[next + 1] as number) << 1) & mask;
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots[hole] = slots[next] as number;
        slots[hole + 1] = slots[next + 1] as number;
        hole = next;
      }
      next = (next + 2) & mask;
    }
    slots[hole] = 0;
    this.keys--;
  }

  private grow(): void {
    const before = this.slots;
    const slots = new Uint32Array(before.length * 2);
    const mask = slots.length - 1;
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      let at = ((before[from + 1] as number) << 1) & mask;
      while (slots[at] !== 0) at = (at + 2) & mask;
      slots[at] = before[from] as number;
      slots[at + 1] = before[from + 1] as number;
    }
    this.slots = slots;
  }
}
