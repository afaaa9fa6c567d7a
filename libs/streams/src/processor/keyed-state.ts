import { expectFormat } from '@moola/contracts/entry-format';

/** How one value of a state becomes the bytes of a checkpoint entry. The first byte is the format's version. */
export interface EntryCodec<V> {
  /** What `encode` writes first. An entry that was read in an older one is written anew at the next checkpoint. */
  readonly format?: number;
  encode(value: V): Uint8Array;
  /**
   * @param entry its key, for the error's message
   * @throws {EntryFormatError} for a format that is neither the present one nor one that can be upgraded
   */
  decode(bytes: Uint8Array, entry?: string): V;
}

/** Makes a value of today from what an older format held, by that format's number. */
export type Upgrades<Old, V> = Readonly<Record<number, (old: Old) => V>>;

const noUpgrades = {};

/**
 * Entries as JSON behind a format byte. For values without `NaN`, `Infinity`, `-0` and `undefined`, which JSON changes.
 * @param format the version of the value's shape; raised when an older version could not read the value, or would read
 *   something else in it (docs/exactness.md, "When a format changes").
 * @param upgrades of the formats before; others in the store are an error, never a guess.
 */
export function jsonEntry<V>(format: number, upgrades: Upgrades<unknown, V> = noUpgrades): EntryCodec<V> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    format,
    encode(value) {
      const json = encoder.encode(JSON.stringify(value));
      const bytes = new Uint8Array(json.length + 1);
      bytes[0] = format;
      bytes.set(json, 1);
      return bytes;
    },
    decode(bytes, entry = 'of JSON') {
      const value: unknown = JSON.parse(decoder.decode(formatted(entry, bytes, format, upgrades)));
      const upgrade = upgrades[bytes[0] as number];
      return upgrade === undefined ? (value as V) : upgrade(value);
    },
  };
}

/** What follows an entry's format byte, if that is a format that can be read. */
export function formatted(
  entry: string,
  bytes: Uint8Array,
  format: number,
  upgrades: Readonly<Record<number, unknown>>,
): Uint8Array {
  expectFormat(entry, bytes[0], format, Object.keys(upgrades).map(Number));
  return bytes.subarray(1);
}

/**
 * A part of a task's state: a map of values under one prefix that remembers what changed since the last checkpoint.
 * Iteration is by key, so that a map that was loaded (in any order) behaves like the one that was built.
 */
export class KeyedState<V> {
  private readonly values = new Map<string, V>();
  private readonly changed = new Set<string>();
  /** Keys of `changed` that no checkpoint holds: deleting them leaves nothing to say. */
  private readonly fresh = new Set<string>();
  /** Keys in order as of the last iteration, and what came and went since. */
  private sorted: readonly string[] | null = null;
  private readonly unsorted = new Set<string>();
  private hasGone = false;

  /** @param prefix such as `series/`: no other part of the task's state may begin with it. */
  constructor(
    private readonly prefix: string,
    private readonly codec: EntryCodec<V>,
    entries: ReadonlyMap<string, Uint8Array>,
  ) {
    for (const [key, bytes] of entries) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length);
      this.values.set(name, codec.decode(bytes, key));
      if (codec.format !== undefined && bytes[0] !== codec.format) this.changed.add(name);
    }
  }

  get size(): number {
    return this.values.size;
  }

  get(key: string): V | undefined {
    return this.values.get(key);
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  set(key: string, value: V): void {
    if (!this.values.has(key)) this.added(key);
    this.values.set(key, value);
    this.changed.add(key);
  }

  /** The value, made when missing; says that it is about to be changed in place. */
  change(key: string, create: () => V): V {
    let value = this.values.get(key);
    if (value === undefined) {
      value = create();
      this.added(key);
      this.values.set(key, value);
    }
    this.changed.add(key);
    return value;
  }

  delete(key: string): void {
    if (!this.values.delete(key)) return;
    this.hasGone = true;
    this.unsorted.delete(key);
    if (this.fresh.delete(key)) this.changed.delete(key);
    else this.changed.add(key);
  }

  /** Keys in code-unit order. The list stays as it is when keys come and go later. */
  keys(): readonly string[] {
    if (this.sorted === null) {
      this.sorted = [...this.values.keys()].sort();
    } else if (this.hasGone || this.unsorted.size > 0) {
      const kept = this.hasGone
        ? this.sorted.filter((key) => this.values.has(key) && !this.unsorted.has(key))
        : this.sorted;
      this.sorted = merged(kept, [...this.unsorted].sort());
    }
    this.unsorted.clear();
    this.hasGone = false;
    return this.sorted;
  }

  /** Entries in key order; one that is deleted meanwhile is left out. */
  *entries(): IterableIterator<[string, V]> {
    for (const key of this.keys()) {
      if (this.values.has(key)) yield [key, this.values.get(key) as V];
    }
  }

  /** Adds what changed since the last call to a checkpoint's changes. */
  takeChanges(into: Map<string, Uint8Array | null>): void {
    for (const key of this.changed) {
      const value = this.values.get(key);
      into.set(this.prefix + key, value === undefined ? null : this.codec.encode(value));
    }
    this.changed.clear();
    this.fresh.clear();
  }

  private added(key: string): void {
    if (this.sorted !== null) this.unsorted.add(key);
    if (!this.changed.has(key)) this.fresh.add(key);
  }
}

/** Two sorted lists as one. */
function merged(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.length === 0) return a;
  const result: string[] = [];
  let next = 0;
  for (const key of b) {
    while (next < a.length && (a[next] as string) < key) result.push(a[next++] as string);
    result.push(key);
  }
  while (next < a.length) result.push(a[next++] as string);
  return result;
}
