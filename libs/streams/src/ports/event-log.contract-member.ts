import type { Assignment, EventLog, GroupMember, RecordBatch, Subscription, TopicPartition } from './event-log.js';
import { textsOf } from './event-log.contract-values.js';

interface Gate {
  /** Resolves when a batch has run into it. */
  readonly reached: Promise<void>;
  open(): void;
}

interface Holding {
  readonly member: string;
  readonly assignment: Assignment;
  /** Offset that the next batch must begin with; `null` until `assigned` has answered. */
  expected: number | null;
  /** The member asked to be assigned again: no batch may come before that. */
  dropped: boolean;
}

/** Members of one group whose every call is checked: ownership, calls that overlap, offsets. Positions are shared. */
export class GroupLedger {
  /** Where each partition's next owner goes on, as a checkpoint store would know it. */
  readonly positions: number[];
  /** Texts of the handled records by partition. */
  readonly handled: string[][];
  readonly violations: string[] = [];
  private readonly holdings = new Map<number, Holding>();
  private readonly inCall = new Set<number>();
  private readonly gates = new Map<number, { reach(): void; readonly opened: Promise<void> }>();
  private readonly batchFailures = new Map<number, Error>();
  private readonly assignmentFailures = new Map<number, Error>();
  private readonly drops = new Map<number, number>();
  private readonly counts = new Map<string, number>();

  constructor(partitions: number) {
    this.positions = new Array<number>(partitions).fill(0);
    this.handled = Array.from({ length: partitions }, () => []);
  }

  join(log: EventLog, group: string, topic: string, name: string): Promise<Subscription> {
    const member: GroupMember = {
      assigned: (at, assignment) => this.call(at, () => this.assigned(name, at, assignment)),
      batch: (batch) => this.call(batch, () => this.batch(name, batch)),
      revoked: (at) => this.call(at, () => this.revoked(name, at)),
    };
    return log.join(group, topic, member);
  }

  held(name: string): number {
    return this.owners().filter((owner) => owner === name).length;
  }

  owners(): string[] {
    return [...this.holdings.values()].map(({ member }) => member);
  }

  batchesBegun(partition: number): number {
    return this.counts.get(`batch ${partition}`) ?? 0;
  }

  assignments(partition: number): number {
    return this.counts.get(`assigned ${partition}`) ?? 0;
  }

  revocations(partition: number): number {
    return this.counts.get(`revoked ${partition}`) ?? 0;
  }

  expected(written: readonly number[]): string[][] {
    return written.map((count, partition) => Array.from({ length: count }, (_, n) => `${partition}:${n}`));
  }

  /** The next batches of a partition stop at the gate until it is opened. */
  holdUp(partition: number): Gate {
    let reach!: () => void;
    let open!: () => void;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.gates.set(partition, { reach, opened });
    return { reached, open };
  }

  failNextBatch(partition: number, error: Error): void {
    this.batchFailures.set(partition, error);
  }

  failNextAssignment(partition: number, error: Error): void {
    this.assignmentFailures.set(partition, error);
  }

  /** In the n-th batch of a partition, counted from 1, the member drops its memory instead of handling it. */
  dropMemoryAfter(partition: number, batches: number): void {
    this.drops.set(partition, batches);
  }

  dropMemory(partition: number): void {
    const assignment = this.assignmentOf(partition);
    (this.holdings.get(partition) as Holding).dropped = true;
    assignment.again();
  }

  /** Commits the position of a partition as its holder does after a checkpoint. */
  commit(partition: number): void {
    this.assignmentOf(partition).commit(this.positions[partition] as number);
  }

  committed(partition: number): Promise<number | null> {
    return this.assignmentOf(partition).committed();
  }

  private assignmentOf(partition: number): Assignment {
    const holding = this.holdings.get(partition);
    if (!holding) throw new Error(`nobody holds ${partition}`);
    return holding.assignment;
  }

  /** A member that failed need not be told what it loses. */
  forget(name: string): void {
    for (const [partition, { member }] of this.holdings) if (member === name) this.holdings.delete(partition);
  }

  private async assigned(name: string, { partition }: TopicPartition, assignment: Assignment): Promise<number> {
    this.count('assigned', partition);
    const holding = this.holdings.get(partition);
    if (holding && !(holding.member === name && holding.dropped)) {
      this.violations.push(`${partition} assigned to ${name} while ${holding.member} holds it`);
    }
    const failure = this.assignmentFailures.get(partition);
    if (failure) throw failure;
    const entry: Holding = { member: name, assignment, expected: null, dropped: false };
    this.holdings.set(partition, entry);
    await Promise.resolve();
    const position = this.positions[partition] as number;
    entry.expected = position;
    return position;
  }

  private async batch(name: string, { partition, records }: RecordBatch): Promise<void> {
    this.count('batch', partition);
    const holding = this.holdings.get(partition);
    if (holding?.member !== name) {
      this.violations.push(`${name} got records of ${partition}, which ${holding?.member ?? 'nobody'} holds`);
      return;
    }
    if (holding.dropped) this.violations.push(`${name} got records of ${partition} after it dropped its memory`);
    if (records.length === 0) this.violations.push(`an empty batch of ${partition}`);
    records.forEach(({ offset }, index) => {
      if (offset !== (holding.expected ?? NaN) + index) {
        this.violations.push(`offset ${offset} of ${partition} instead of ${holding.expected} + ${index}`);
      }
    });
    const gate = this.gates.get(partition);
    gate?.reach();
    await gate?.opened;
    const failure = this.batchFailures.get(partition);
    this.batchFailures.delete(partition);
    if (failure) throw failure;
    if (this.drops.get(partition) === this.batchesBegun(partition)) return this.dropMemory(partition);
    (this.handled[partition] as string[]).push(...textsOf(records));
    holding.expected = this.positions[partition] = (records.at(-1)?.offset ?? -1) + 1;
  }

  private async revoked(name: string, { partition }: TopicPartition): Promise<void> {
    this.count('revoked', partition);
    await Promise.resolve();
    const holding = this.holdings.get(partition);
    if (holding?.member !== name) this.violations.push(`${partition} revoked from ${name}, which does not hold it`);
    else this.holdings.delete(partition);
  }

  private async call<T>({ partition }: TopicPartition, work: () => Promise<T>): Promise<T> {
    if (this.inCall.has(partition)) this.violations.push(`two calls for ${partition} at once`);
    this.inCall.add(partition);
    try {
      return await work();
    } finally {
      this.inCall.delete(partition);
    }
  }

  private count(kind: string, partition: number): void {
    const key = `${kind} ${partition}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}
