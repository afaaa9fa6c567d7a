import { readSync } from 'node:fs';

/* The pages of a data file, as LMDB 0.9.90 of lmdb-js 3.5.6 lays them out (`mdb.c`: MDB_page, MDB_node, MDB_db). */

const header = { page: 0, flags: 18, lower: 20, upper: 22, pages: 20, end: 24 };
const pageFlags = { branch: 1, leaf: 2, overflow: 4, kinds: 0x6f };
/** A node: part of its data's size or of a page's number (u16, u16), flags, size of its key, key, data. */
const node = { low: 0, high: 2, flags: 4, keySize: 6, end: 8 };
const nodeFlags = { overflow: 1, tree: 2 };
/** A tree: its depth and root. */
const tree = { depth: 6, root: 40, end: 48 };
const noRoot = 0xffff_ffff_ffff_ffffn;
/** What a node holds of data that have pages of their own: first page, transaction, how many. */
const overflowEnd = 24;
const deepest = 32;

export interface PagedFile {
  readonly descriptor: number;
  readonly pageSize: number;
  /** The highest page in use. */
  readonly lastPage: number;
}

export interface TreeOfFile {
  /** For a person. */
  readonly name: string;
  /** Its `MDB_db`. */
  readonly record: Buffer;
  /** Whether its values may be trees. */
  readonly holdsTrees: boolean;
}

/**
 * Goes through all pages that trees consist of, and through the first page of each long value: whether every page is what
 * leads to it says, and whether what it says of itself lies within it. LMDB trusts all this blindly. The values are not looked at.
 * @returns what is wrong, in words; `null` when nothing is
 */
export function findDamage(file: PagedFile, trees: readonly TreeOfFile[]): string | null {
  try {
    const walk = new Walk(file);
    for (const each of trees) walk.tree(each);
    return null;
  } catch (error) {
    if (error instanceof Damage) return error.message;
    throw error;
  }
}

class Damage extends Error {}

class Walk {
  private readonly used: Uint8Array;

  constructor(private readonly file: PagedFile) {
    if (!(file.lastPage < 2 ** 40)) throw new Damage('the number of its pages makes no sense');
    this.used = new Uint8Array(Math.ceil((file.lastPage + 1) / 8));
  }

  tree({ name, record, holdsTrees }: TreeOfFile): void {
    const root = record.readBigUInt64LE(tree.root);
    if (root === noRoot) return;
    const depth = record.readUInt16LE(tree.depth);
    if (depth < 1 || depth > deepest) throw new Damage(`${name} cannot have ${depth} levels`);
    this.visit(Number(root), depth, name, holdsTrees);
  }

  /** @param depth levels from here down to the leaves, this one among them */
  private visit(number: number, depth: number, name: string, holdsTrees: boolean): void {
    const page = this.read(number, this.file.pageSize, name);
    const wrong = (what: string): Damage => new Damage(`page ${number} of ${name} ${what}`);
    const isLeaf = depth === 1;
    if ((page.readUInt16LE(header.flags) & pageFlags.kinds) !== (isLeaf ? pageFlags.leaf : pageFlags.branch))
      throw wrong('is of another kind than it should be');
    // Both are counted from the end of the header.
    const [lower, upper] = [page.readUInt16LE(header.lower), page.readUInt16LE(header.upper)];
    const room = this.file.pageSize - header.end;
    if (lower % 2 !== 0 || lower === 0 || lower > upper || upper > room) throw wrong('has bounds that make no sense');
    for (let index = 0; index < lower / 2; index++) {
      const at = page.readUInt16LE(header.end + 2 * index);
      if (at < upper || at + node.end > room) throw wrong(`has entry ${index} outside of it`);
      const entry = page.subarray(header.end + at);
      const flags = entry.readUInt16LE(node.flags);
      const data = node.end + entry.readUInt16LE(node.keySize);
      const low = entry.readUInt16LE(node.low) + entry.readUInt16LE(node.high) * 2 ** 16;
      if (!isLeaf) {
        if (data > entry.length) throw wrong(`has entry ${index} outside of it`);
        this.visit(low + flags * 2 ** 32, depth - 1, name, holdsTrees);
        continue;
      }
      const inside = (flags & nodeFlags.overflow) !== 0 ? overflowEnd : low;
      if (data + inside > entry.length) throw wrong(`has entry ${index} outside of it`);
      if ((flags & nodeFlags.overflow) !== 0) this.value(entry.subarray(data), low, name);
      else if ((flags & nodeFlags.tree) !== 0) {
        if (!holdsTrees || low !== tree.end) throw wrong(`has entry ${index}, which is no topic`);
        const key = entry.toString('utf8', node.end, data);
        this.tree({ name: key, record: Buffer.from(entry.subarray(data, data + tree.end)), holdsTrees: false });
      }
    }
  }

  /** A value that has pages of its own. */
  private value(reference: Buffer, size: number, name: string): void {
    const { pageSize, lastPage } = this.file;
    const number = Number(reference.readBigUInt64LE(0));
    const page = this.read(number, header.end, name);
    const pages = page.readUInt32LE(header.pages);
    const needed = Math.ceil((header.end + size) / pageSize);
    const isValue = (page.readUInt16LE(header.flags) & pageFlags.kinds) === pageFlags.overflow;
    if (!isValue || pages < needed || number + pages - 1 > lastPage)
      throw new Damage(`page ${number} of ${name} does not hold the value that it should`);
    // Its end must be there: behind the end of the file, a read ends the process.
    this.bytes(number * pageSize + header.end + size - 1, 1, number, name);
  }

  private read(number: number, length: number, name: string): Buffer {
    if (number < 2 || number > this.file.lastPage)
      throw new Damage(`${name} leads to page ${number}, and there is none`);
    const [byte, bit] = [number >> 3, 1 << (number & 7)];
    if (((this.used[byte] ?? 0) & bit) !== 0) throw new Damage(`page ${number} of ${name} is used twice`);
    this.used[byte] = (this.used[byte] ?? 0) | bit;
    const page = this.bytes(number * this.file.pageSize, length, number, name);
    if (page.readBigUInt64LE(header.page) !== BigInt(number))
      throw new Damage(`page ${number} of ${name} holds something else`);
    return page;
  }

  private bytes(at: number, length: number, number: number, name: string): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(this.file.descriptor, bytes, 0, length, at) !== length)
      throw new Damage(`page ${number} of ${name} lies behind the end of the file`);
    return bytes;
  }
}
