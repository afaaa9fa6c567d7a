import { hashText } from '@moola/collector/join/domain/key-hash';
import { entryWords, isSameKey, keyWords, lineWord, ToldRuns } from './told-runs.js';

/** The truth of an input, and the line that told it first. */
export interface ToldOutcome {
  readonly line: number;
  /** `null`: among very many truths its text was not kept. */
  readonly truth: string | null;
  /** Whether it is the same as another. */
  is(truth: string): boolean;
}

const leastSlots = 1024;
/** The two words of an entry that stand for its truth. */
const truthWord = lineWord + 1;
const noSeed = new Uint32Array(4);

/** What memory holds at most; the rest lies on the disk. */
const most = { inputs: 262_144, truths: 65_536 };

/**
 * The truth of each input, as the first row that tells it has it. A log may hold any number of inputs, so keys are kept as 96 bits
 * of the hashes by which the join knows them (see `key-hash.ts`), in a table of up to 12 MB; when it is full it goes to the disk.
 */
export class ToldOutcomes {
  private slots = new Uint32Array(entryWords * leastSlots);
  private count = 0;
  private readonly truths: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly runs = new ToldRuns();
  private readonly hash = new Uint32Array(4);
  private readonly modelHash = new Uint32Array(4);
  private model = '';
  private readonly code = new Uint32Array(4);

  constructor(private readonly mostHeld: { readonly inputs: number; readonly truths: number } = most) {
    hashText(this.model, noSeed, this.modelHash);
  }

  find(model: string, input: string): ToldOutcome | null {
    if (model !== this.model) {
      this.model = model;
      hashText(model, noSeed, this.modelHash);
    }
    hashText(input, this.modelHash, this.hash);
    const at = slotOf(this.slots, this.hash);
    if (this.slots[at + lineWord] !== 0) return this.told(this.slots.slice(at, at + entryWords));
    const stored = this.runs.find(this.hash);
    return stored === null ? null : this.told(stored);
  }

  /** Of the input that was looked for last, and of which nothing was told. */
  add(truth: string, line: number): void {
    const at = slotOf(this.slots, this.hash);
    this.encode(truth);
    for (let i = 0; i < keyWords; i++) this.slots[at + i] = this.hash[i] as number;
    this.slots[at + lineWord] = line;
    this.slots[at + truthWord] = this.code[0] as number;
    this.slots[at + truthWord + 1] = this.code[1] as number;
    this.count++;
    if (this.count === this.mostHeld.inputs) this.store();
    else if (this.count * 3 * entryWords > this.slots.length * 2) this.grow();
  }

  /** Removes what lies on the disk. */
  close(): void {
    this.runs.close();
  }

  private told(entry: Uint32Array): ToldOutcome {
    const [number, rest] = [entry[truthWord] as number, entry[truthWord + 1] as number];
    return {
      line: entry[lineWord] as number,
      truth: rest === 0 ? (this.truths[number] as string) : null,
      is: (truth) => {
        this.encode(truth);
        return this.code[0] === number && this.code[1] === rest;
      },
    };
  }

  /** Two words that stand for a truth: its number and 0; of those that came when very many were known its hash, never 0 at the end. */
  private encode(truth: string): void {
    const { code, numbers, truths } = this;
    let number = numbers.get(truth);
    if (number === undefined && truths.length < this.mostHeld.truths) {
      number = truths.push(truth) - 1;
      numbers.set(truth, number);
    }
    if (number === undefined) {
      hashText(truth, noSeed, code);
      code[1] = (code[1] as number) | 1;
    } else [code[0], code[1]] = [number, 0];
  }

  private store(): void {
    this.runs.add(this.slots);
    this.slots.fill(0);
    this.count = 0;
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Uint32Array(2 * slots.length);
    for (let at = 0; at < slots.length; at += entryWords) {
      if (slots[at + lineWord] === 0) continue;
      const entry = slots.subarray(at, at + entryWords);
      this.slots.set(entry, slotOf(this.slots, entry));
    }
  }
}

/** Where a key stands, or would. The number of slots is a power of two. */
function slotOf(slots: Uint32Array, key: Uint32Array): number {
  const mask = slots.length / entryWords - 1;
  for (let slot = (key[0] as number) & mask; ; slot = (slot + 1) & mask) {
    const at = slot * entryWords;
    if (slots[at + lineWord] === 0 || isSameKey(slots, at, key)) return at;
  }
}
