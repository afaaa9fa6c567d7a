import type { GroupMember, Subscription, TopicPartition } from '../event-log.js';
import type { SimulatedLog } from './simulated-log.js';
import type { Process, Simulation } from './simulation.js';

/** A partition in a process's hands; whether it is still its owner is another question. */
class Hold {
  position = 0;
  /** `member`: one of its calls is under way. `end`: it hears no more. */
  state: 'idle' | 'offered' | 'member' | 'end' = 'idle';
  again = false;
  revoke = false;
  constructor(
    readonly seat: Seat,
    readonly process: Process,
    readonly member: GroupMember,
  ) {}
}

/** A partition of a group, and who holds it. */
interface Seat {
  readonly at: TopicPartition;
  readonly group: string;
  readonly members: Map<Process, GroupMember>;
  owner: Hold | null;
  readonly holds: Hold[];
}

/** Groups of a simulation: who is given which partition, who believes to have it still, and which records it sees. */
export class SimulatedGroups {
  private readonly seats: Seat[] = [];
  private readonly memberships = new Map<string, Map<Process, GroupMember>>();

  constructor(
    private readonly simulation: Simulation,
    private readonly log: SimulatedLog,
  ) {}

  join(process: Process, group: string, topic: string, member: GroupMember): Subscription {
    let members = this.memberships.get(group);
    if (members === undefined) {
      members = new Map();
      this.memberships.set(group, members);
      for (let partition = 0; partition < this.log.partitions(topic); partition++) {
        this.seats.push({ at: { topic, partition }, group, members, owner: null, holds: [] });
      }
    }
    members.set(process, member);
    for (const seat of this.seats) if (seat.members === members) this.fill(seat);
    const close = async (): Promise<void> => {
      members.delete(process);
      for (const { holds } of this.seats) for (const hold of holds) if (hold.process === process) this.askBack(hold);
    };
    return { close, failed: new Promise<never>(() => undefined) };
  }

  /** New records: whoever stands at the end goes on. */
  offer(at: TopicPartition): void {
    for (const seat of this.seats) {
      if (seat.at.topic !== at.topic || seat.at.partition !== at.partition) continue;
      for (const hold of seat.holds) this.offerTo(hold);
    }
  }

  /** Everything that a dead process held is given to others. */
  died(process: Process): void {
    for (const members of this.memberships.values()) members.delete(process);
    for (const seat of this.seats) {
      for (const hold of [...seat.holds]) if (hold.process === process) this.end(hold);
      this.fill(seat);
    }
  }

  /** Gives a partition to another process; the one that had it goes on, and learns of it some time later. */
  makeZombie(): boolean {
    const seat = this.simulation.random.pick(this.seats.filter(({ owner }) => owner !== null));
    const old = seat?.owner;
    if (!seat || !old) return false;
    seat.owner = null;
    if (!this.fill(seat, old.process)) {
      seat.owner = old;
      return false;
    }
    this.simulation.add({ process: null, kind: 'late', run: () => this.askBack(old) });
    return true;
  }

  /** Takes a partition back in order. */
  rebalance(): boolean {
    const owner = this.simulation.random.pick(this.seats.filter((seat) => seat.owner !== null))?.owner;
    if (!owner || owner.revoke) return false;
    this.askBack(owner);
    return true;
  }

  /** Seats a process; another one than `but`, if there is one. */
  private fill(seat: Seat, but: Process | null = null): boolean {
    if (seat.owner !== null) return false;
    const free = [...seat.members.keys()].filter(
      (process) => process !== but && !seat.holds.some((hold) => hold.process === process),
    );
    const process = this.simulation.random.pick(free);
    if (process === undefined) return false;
    const hold = new Hold(seat, process, seat.members.get(process) as GroupMember);
    seat.owner = hold;
    seat.holds.push(hold);
    this.assign(hold);
    return true;
  }

  private assign(hold: Hold): void {
    hold.state = 'member';
    hold.again = false;
    this.simulation.add({
      process: hold.process,
      kind: 'world',
      run: () => {
        const again = (): void => {
          hold.again = true;
          if (hold.state === 'idle' || hold.state === 'offered') this.goOn(hold);
        };
        hold.member.assigned(hold.seat.at, { again }).then(
          (position) => {
            hold.position = position;
            this.goOn(hold);
          },
          (error: unknown) => this.simulation.fail(error),
        );
      },
    });
  }

  /** Between two calls of the member. */
  private goOn(hold: Hold): void {
    if (hold.state === 'end') return;
    hold.state = 'idle';
    if (hold.revoke) void this.letGo(hold);
    else if (hold.again) this.confirm(hold);
    else this.offerTo(hold);
  }

  /** What a heartbeat tells: the owner is assigned anew, a zombie hears no more. */
  private confirm(hold: Hold): void {
    hold.state = 'member';
    this.simulation.add({
      process: hold.process,
      kind: 'world',
      run: () => {
        if (hold.state === 'end') return;
        if (hold.revoke) void this.letGo(hold);
        else if (hold.seat.owner === hold) this.assign(hold);
        else this.end(hold);
      },
    });
  }

  private offerTo(hold: Hold): void {
    if (hold.state !== 'idle' || this.log.bounds(hold.seat.at).next <= hold.position) return;
    hold.state = 'offered';
    this.simulation.add({ process: hold.process, kind: 'deliver', run: () => this.deliver(hold) });
  }

  private deliver(hold: Hold): void {
    if (hold.state !== 'offered') return;
    hold.state = 'member';
    const records = this.log.records(hold.seat.at, hold.position, 1 + this.simulation.random.below(5));
    hold.position += records.length;
    hold.member.batch({ ...hold.seat.at, records }).then(
      () => this.goOn(hold),
      (error: unknown) => this.simulation.fail(error),
    );
  }

  private askBack(hold: Hold): void {
    hold.revoke = true;
    if (hold.state === 'idle' || hold.state === 'offered') void this.letGo(hold);
  }

  private async letGo(hold: Hold): Promise<void> {
    if (hold.state === 'end') return;
    hold.state = 'member';
    await hold.member.revoked(hold.seat.at).catch((error: unknown) => this.simulation.fail(error));
    this.end(hold);
    this.fill(hold.seat);
  }

  private end(hold: Hold): void {
    hold.state = 'end';
    const { seat } = hold;
    if (seat.owner === hold) seat.owner = null;
    const index = seat.holds.indexOf(hold);
    if (index >= 0) seat.holds.splice(index, 1);
    this.fill(seat);
  }
}
