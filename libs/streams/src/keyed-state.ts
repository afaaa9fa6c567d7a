/** How one value of a state becomes the bytes of a checkpoint entry. The first byte is the format's version. */
export interface EntryCodec<V> {
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}

/**
 * Entries as JSON behind a format byte. For values without `NaN`, `Infinity`, `-0` and `undefined`, which JSON changes.
 * @param format the version of the value's shape; another one in the store is an error, never a guess.
 */
export function jsonEntry<V>(format: number): EntryCodec<V> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    encode(value) {
      const json = encoder.encode(JSON.stringify(value));
      const bytes = new Uint8Array(json.length + 1);
      bytes[0] = format;
      bytes.set(json, 1);
      return bytes;
    },
    decode(bytes) {
      if (bytes[0] !== format) throw new Error(`checkpoint entry has format ${bytes[0]}, expected ${format}`);
      return JSON.parse(decoder.decode(bytes.subarray(1))) as V;
    },
  };
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
      if (key.startsWith(prefix)) this.values.set(key.slice(prefix.length), codec.decode(bytes));
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
