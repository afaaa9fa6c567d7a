import { hashText } from '@moola/collector/join/domain/key-hash';

/** The truth of an input, and the line that told it first. */
export interface ToldOutcome {
  readonly truth: string;
  readonly line: number;
}

const leastSlots = 1024;
/** Four of the key's hash, the line, and the number of the truth. A line of 0: the slot is free. */
const words = 6;
const noSeed = new Uint32Array(4);

/**
 * The truth of each input, as the first row that tells it has it. A log may hold millions of inputs, so keys are kept as the
 * hashes by which the join knows them (see `key-hash.ts`): 24 bytes an input in a table that is at most two thirds full.
 */
export class ToldOutcomes {
  private slots = new Uint32Array(words * leastSlots);
  private count = 0;
  private readonly truths: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly hash = new Uint32Array(4);

  find(model: string, input: string): ToldOutcome | null {
    const at = this.slot(model, input);
    const { slots, truths } = this;
    const line = slots[at + 4] as number;
    return line === 0 ? null : { truth: truths[slots[at + 5] as number] as string, line };
  }

  /** Of an input of which nothing was told before. */
  add(model: string, input: string, { truth, line }: ToldOutcome): void {
    const at = this.slot(model, input);
    this.slots.set(this.hash, at);
    this.slots[at + 4] = line;
    this.slots[at + 5] = this.numberOf(truth);
    if (++this.count * 3 * words > this.slots.length * 2) this.grow();
  }

  private numberOf(truth: string): number {
    let number = this.numbers.get(truth);
    if (number === undefined) {
      number = this.truths.push(truth) - 1;
      this.numbers.set(truth, number);
    }
    return number;
  }

  private slot(model: string, input: string): number {
    hashText(model, noSeed, this.hash);
    hashText(input, this.hash, this.hash);
    return slotOf(this.slots, this.hash);
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Uint32Array(2 * slots.length);
    for (let at = 0; at < slots.length; at += words) {
      if (slots[at + 4] === 0) continue;
      const entry = slots.subarray(at, at + words);
      this.slots.set(entry, slotOf(this.slots, entry));
    }
  }
}

/** Where a key stands, or would. The number of slots is a power of two. */
function slotOf(slots: Uint32Array, hash: Uint32Array): number {
  const mask = slots.length / words - 1;
  for (let slot = (hash[0] as number) & mask; ; slot = (slot + 1) & mask) {
    const at = slot * words;
    const isKey =
      slots[at] === hash[0] && slots[at + 1] === hash[1] && slots[at + 2] === hash[2] && slots[at + 3] === hash[3];
    if (slots[at + 4] === 0 || isKey) return at;
  }
}
