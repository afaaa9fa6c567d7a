import type { GroupMember, LogRecord, PartitionBounds, Subscription, TopicPartition } from '../../ports/event-log.js';
import type { Process, Simulation } from './simulation.js';

/** What groups need of the log that they are groups of. */
interface SimulatedRecords {
  partitions(topic: string): number;
  bounds(at: TopicPartition): PartitionBounds;
  records(at: TopicPartition, from: number, most: number): readonly LogRecord[];
}

/** A member of a group. */
interface Membership {
  readonly process: Process;
  readonly member: GroupMember;
  readonly group: Group;
  fail(error: unknown): void;
}

interface Group {
  readonly memberships: Set<Membership>;
  readonly seats: Seat[];
}

/** A partition of a group, and who holds it. */
interface Seat {
  readonly at: TopicPartition;
  readonly group: Group;
  owner: Hold | null;
  committed: number | null;
  readonly holds: Hold[];
}

/** A partition in a member's hands; whether it is still its owner is another question. */
class Hold {
  position = 0;
  /** `member`: one of its calls is under way. `end`: it hears no more. */
  state: 'idle' | 'offered' | 'member' | 'end' = 'idle';
  again = false;
  revoke = false;
  readonly ended: Promise<void>;
  end: () => void = () => undefined;

  constructor(
    readonly seat: Seat,
    readonly by: Membership,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }
}

/** Groups of a simulation: who is given which partition, who believes to have it still, and which records it sees. */
export class SimulatedGroups {
  private readonly groups = new Map<string, Group>();

  constructor(
    private readonly simulation: Simulation,
    private readonly log: SimulatedRecords,
  ) {}

  join(process: Process, name: string, topic: string, member: GroupMember): Subscription {
    const partitions = this.log.partitions(topic);
    let group = this.groups.get(name);
    if (group === undefined) {
      const made: Group = { memberships: new Set(), seats: [] };
      for (let partition = 0; partition < partitions; partition++) {
        made.seats.push({ at: { topic, partition }, group: made, owner: null, committed: null, holds: [] });
      }
      this.groups.set(name, made);
      group = made;
    }
    let fail: (error: unknown) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    failed.catch(() => undefined);
    const membership: Membership = { process, member, group, fail };
    group.memberships.add(membership);
    for (const seat of group.seats) this.fill(seat);
    this.share(group);
    const close = async (): Promise<void> => {
      const held = this.seats().flatMap(({ holds }) => holds.filter(({ by }) => by === membership));
      membership.group.memberships.delete(membership);
      for (const hold of held) this.askBack(hold);
      await Promise.all(held.map(({ ended }) => ended));
    };
    return { close, failed, hasJoined: () => true };
  }

  /** New records: whoever stands at the end goes on. */
  offer(at: TopicPartition): void {
    for (const seat of this.seats()) {
      if (seat.at.topic !== at.topic || seat.at.partition !== at.partition) continue;
      for (const hold of seat.holds) this.offerTo(hold);
    }
  }

  /** Everything that a dead process held is given to others. */
  died(process: Process): void {
    for (const { memberships } of this.groups.values()) {
      for (const membership of memberships) if (membership.process === process) memberships.delete(membership);
    }
    for (const seat of this.seats()) {
      for (const hold of [...seat.holds]) if (hold.by.process === process) this.end(hold);
      this.fill(seat);
    }
  }

  /** Gives a partition to another member; the one that had it goes on, and learns of it some time later. */
  makeZombie(): boolean {
    const seat = this.simulation.random.pick(this.seats().filter(({ owner }) => owner !== null));
    const old = seat?.owner;
    if (!seat || !old) return false;
    seat.owner = null;
    if (!this.fill(seat, old.by)) {
      seat.owner = old;
      return false;
    }
    this.simulation.add({ process: null, kind: 'late', run: () => this.askBack(old) });
    return true;
  }

  /** Takes a partition back in order. */
  rebalance(): boolean {
    const owner = this.simulation.random.pick(this.seats().filter((seat) => seat.owner !== null))?.owner;
    if (!owner || owner.revoke) return false;
    this.askBack(owner);
    return true;
  }

  private seats(): Seat[] {
    return [...this.groups.values()].flatMap(({ seats }) => seats);
  }

  /** How many partitions a member has and keeps. */
  private load(membership: Membership): number {
    return membership.group.seats.filter(({ owner }) => owner?.by === membership && !owner.revoke).length;
  }

  /** Takes partitions back from who has more than others. */
  private share({ memberships, seats }: Group): void {
    for (;;) {
      const byLoad = [...memberships].sort((a, b) => this.load(a) - this.load(b));
      const [least, most] = [byLoad[0], byLoad.at(-1)];
      if (!least || !most || this.load(most) - this.load(least) < 2) return;
      const hold = seats.find(({ owner }) => owner?.by === most && !owner.revoke)?.owner;
      if (!hold) return;
      this.askBack(hold);
    }
  }

  /** Seats one of the members that have least; another one than `but`. */
  private fill(seat: Seat, but: Membership | null = null): boolean {
    if (seat.owner !== null) return false;
    const free = [...seat.group.memberships].filter(
      (membership) => membership !== but && !seat.holds.some(({ by }) => by === membership),
    );
    const least = Math.min(...free.map((membership) => this.load(membership)));
    const membership = this.simulation.random.pick(free.filter((each) => this.load(each) === least));
    if (membership === undefined) return false;
    const hold = new Hold(seat, membership);
    seat.owner = hold;
    seat.holds.push(hold);
    this.assign(hold);
    return true;
  }

  private assign(hold: Hold): void {
    hold.state = 'member';
    hold.again = false;
    this.inWorld(hold, () => {
      const again = (): void => {
        hold.again = true;
        if (hold.state === 'idle' || hold.state === 'offered') this.goOn(hold);
      };
      const { seat } = hold;
      const commit = (position: number): void => {
        if (hold.state !== 'end') seat.committed = position;
      };
      const committed = (): Promise<number | null> => Promise.resolve(seat.committed);
      hold.by.member.assigned(seat.at, { again, commit, committed }).then(
        (position) => {
          hold.position = position;
          this.goOn(hold);
        },
        (error: unknown) => this.failed(hold, error),
      );
    });
  }

  /** Between two calls of the member. */
  private goOn(hold: Hold): void {
    if (hold.state === 'end') return;
    hold.state = 'idle';
    if (hold.revoke) this.letGo(hold);
    else if (hold.again) this.confirm(hold);
    else this.offerTo(hold);
  }

  /** What a heartbeat tells: the owner is assigned anew, a zombie hears no more. */
  private confirm(hold: Hold): void {
    hold.state = 'member';
    this.inWorld(hold, () => {
      if (hold.revoke) this.letGo(hold);
      else if (hold.seat.owner === hold) this.assign(hold);
      else this.end(hold);
    });
  }

  private inWorld(hold: Hold, run: () => void): void {
    const { process } = hold.by;
    this.simulation.add({ process, kind: 'world', run: () => (hold.state === 'end' ? undefined : run()) });
  }

  private offerTo(hold: Hold): void {
    if (hold.state !== 'idle' || this.log.bounds(hold.seat.at).next <= hold.position) return;
    hold.state = 'offered';
    this.simulation.add({ process: hold.by.process, kind: 'deliver', run: () => this.deliver(hold) });
  }

  private deliver(hold: Hold): void {
    if (hold.state !== 'offered') return;
    hold.state = 'member';
    const records = this.log.records(hold.seat.at, hold.position, 1 + this.simulation.random.below(5));
    hold.position += records.length;
    hold.by.member.batch({ ...hold.seat.at, records }).then(
      () => this.goOn(hold),
      (error: unknown) => this.failed(hold, error),
    );
  }

  private askBack(hold: Hold): void {
    hold.revoke = true;
    if (hold.state === 'idle' || hold.state === 'offered') this.letGo(hold);
  }

  private letGo(hold: Hold): void {
    hold.state = 'member';
    hold.by.member.revoked(hold.seat.at).then(
      () => this.end(hold),
      (error: unknown) => this.failed(hold, error),
    );
  }

  /** Consumption ends for the whole member. */
  private failed(hold: Hold, error: unknown): void {
    hold.by.group.memberships.delete(hold.by);
    hold.by.fail(error);
    this.end(hold);
  }

  private end(hold: Hold): void {
    hold.state = 'end';
    hold.end();
    const { seat } = hold;
    if (seat.owner === hold) seat.owner = null;
    const index = seat.holds.indexOf(hold);
    if (index >= 0) seat.holds.splice(index, 1);
    this.fill(seat);
  }
}
