import { isEmpty, type Segments } from '@moola/contracts/columns/segments';
import { joinedKey, partsOfKey } from '@moola/contracts/joined-key';
import { ownCopy } from '@moola/contracts/own-copy';
import type { WatchedSegments } from './watched-segments.js';

/** A segment as facts name it. */
export interface SegmentName {
  readonly key: string;
  /** Empty where `other` is set. */
  readonly value: string;
  /** All values of the key that came after as many segments as are told apart. */
  readonly other: boolean;
}

const none: readonly number[] = [];

/**
 * The segments of a model by number, in the order in which they came. So many keys are told apart as `mostKeys` says, so
 * many segments as the model's definition says; what comes later counts as another value of its key.
 */
export class SegmentNames {
  private readonly numbers = new Map<string, number>();
  /** What a set of labels counts in. Rows of one record share their sets. */
  private known = new WeakMap<Segments, readonly number[]>();
  private keys = new Set<string>();
  /** How many of them take one of `watched.most` places. */
  private taken = 0;

  /** @param kept where their names are kept, by number: each a joined key, of the key alone where it stands for other values */
  constructor(
    private readonly kept: { segments: readonly string[] },
    private watched: WatchedSegments,
  ) {
    kept.segments.forEach((name, number) => this.numbers.set(name, number));
    this.watch(watched);
  }

  /** Follows another definition. */
  watch(watched: WatchedSegments): void {
    this.watched = watched;
    this.known = new WeakMap();
    const counted = this.kept.segments.map((_, number) => this.name(number)).filter((name) => this.takesPlace(name));
    this.keys = new Set(counted.map(({ key }) => key));
    this.taken = counted.filter(({ other }) => !other).length;
    for (const { key, value } of watched.named) this.numberOf(joinedKey(key, value));
  }

  /** The numbers of the segments that a set of labels belongs to. */
  of(segments: Segments): readonly number[] {
    let numbers = this.known.get(segments);
    if (numbers === undefined) {
      numbers = isEmpty(segments) ? none : this.find(segments);
      this.known.set(segments, numbers);
    }
    return numbers;
  }

  /** The number of a segment that a rule or a budget line names. */
  numberOfNamed({ key, value, other }: SegmentName): number {
    return this.numbers.get(other ? joinedKey(key) : joinedKey(key, value)) ?? -1;
  }

  /** Those that are counted, in the order in which they came. */
  counted(): readonly SegmentName[] {
    return this.kept.segments.map((_, number) => this.name(number)).filter((name) => this.isCountedName(name));
  }

  name(number: number): SegmentName {
    const [key = '', value] = partsOfKey(this.kept.segments[number] as string);
    return { key, value: value ?? '', other: value === undefined };
  }

  /** Whether what comes of it is counted. */
  isCounted(number: number): boolean {
    return this.isCountedName(this.name(number));
  }

  private isCountedName(name: SegmentName): boolean {
    return this.isWatched(name.key) || this.isNamed(name);
  }

  private takesPlace(name: SegmentName): boolean {
    return this.isWatched(name.key) && !this.isNamed(name);
  }

  private isNamed({ key, value, other }: SegmentName): boolean {
    return !other && this.watched.named.some((named) => named.key === key && named.value === value);
  }

  private find(segments: Segments): readonly number[] {
    const numbers: number[] = [];
    for (const key of Object.keys(segments).sort()) {
      const number = this.findOne(key, segments[key] as string);
      if (number >= 0) numbers.push(number);
    }
    return numbers;
  }

  private findOne(key: string, value: string): number {
    const name = joinedKey(key, value);
    const known = this.numbers.get(name);
    if (known !== undefined && this.isCounted(known)) return known;
    if (!this.isWatched(key) || this.watched.most === 0) return -1;
    if (!this.keys.has(key)) {
      if (this.keys.size >= mostKeys) return -1;
      this.keys.add(ownCopy(key));
    }
    if (this.taken >= this.watched.most) return this.numberOf(joinedKey(key));
    this.taken++;
    return this.numberOf(name);
  }

  private numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const own = ownCopy(name);
    this.numbers.set(own, this.kept.segments.length);
    this.kept.segments = this.kept.segments.concat(own);
    return this.kept.segments.length - 1;
  }

  private isWatched(key: string): boolean {
    return this.watched.keys === null || this.watched.keys.has(key);
  }
}

/** So many labels of a model are watched; the values of others are not. */
export const mostKeys = 20;
