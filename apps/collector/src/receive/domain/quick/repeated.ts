/** Longer ones are not kept. */
const mostBytes = 64;
const slots = 8192;

/**
 * What bytes stand for, found again by the bytes themselves: models, versions, classes and segments repeat all the time,
 * and decoding them each time costs more than all else. It holds at most 8,192 entries of 64 bytes; what comes to an
 * occupied place takes it.
 */
export class Repeated<T extends object | string> {
  private readonly values: (T | undefined)[] = new Array<T | undefined>(slots).fill(undefined);
  private readonly lengths = new Uint8Array(slots);
  private readonly bytes = new Uint8Array(slots * mostBytes);

  /** @param make the value; `null` where there is none, which is not kept. */
  constructor(private readonly make: (bytes: Buffer, start: number, end: number) => T | null) {}

  get(bytes: Buffer, start: number, end: number): T | null {
    const length = end - start;
    if (length > mostBytes) return this.make(bytes, start, end);
    let hash = length;
    for (let i = start; i < end; i++) hash = Math.imul(hash, 31) + (bytes[i] as number);
    hash = (hash ^ (hash >>> 13)) & (slots - 1);
    const found = this.values[hash];
    if (found !== undefined && this.lengths[hash] === length && this.holds(hash, bytes, start, length)) return found;
    return this.keep(hash, bytes, start, end);
  }

  private holds(slot: number, bytes: Buffer, start: number, length: number): boolean {
    const base = slot * mostBytes;
    for (let i = 0; i < length; i++) if (this.bytes[base + i] !== bytes[start + i]) return false;
    return true;
  }

  private keep(slot: number, bytes: Buffer, start: number, end: number): T | null {
    const made = this.make(bytes, start, end);
    if (made === null) return null;
    this.values[slot] = made;
    this.lengths[slot] = end - start;
    for (let i = start; i < end; i++) this.bytes[slot * mostBytes + i - start] = bytes[i] as number;
    return made;
  }
}
