import type { Cluster } from '../connection/cluster.js';
import { codeOf, codes, isFinal } from '../connection/kafka-error.js';
import { Backoff, pause } from '../connection/retrying.js';
import { nextAssignment, type MemberClaim } from './assigner.js';
import type { Coordinator, Identity, Joined } from './coordinator.js';
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './group-protocol.js';
import { Clocks, Heartbeats, isLoss } from './heartbeats.js';

/** Who holds the partitions of a membership. */
export interface Holder {
  /** What is held now, what is being let go included. */
  held(): readonly number[];
  /** These are assigned: take what is new, let go what is missing. */
  assigned(partitions: readonly number[]): void;
  /** Nothing is ours any more. Resolves when all of it was let go. */
  lost(): Promise<void>;
}

type Event = { readonly kind: 'rejoin' } | { readonly kind: 'lost'; readonly error: unknown };

/**
 * A member of a group, from its joining on: joins whenever the group changes, saying what it holds; assigns to all when it is
 * chosen to. Members work on while they join (KIP-429): they stop only what they have to let go.
 */
export class Membership {
  readonly heartbeats: Heartbeats;
  private identity: Identity | null = null;
  private memberId = '';
  private event: Event | null = null;
  private wakeUp: (() => void) | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly cluster: Cluster,
    private readonly coordinator: Coordinator,
    private readonly group: string,
    private readonly topic: string,
    private readonly holder: Holder,
    private readonly partitions: () => Promise<number>,
  ) {
    const { heartbeatMs, sessionTimeoutMs } = cluster.settings;
    this.heartbeats = new Heartbeats(coordinator, heartbeatMs, sessionTimeoutMs, {
      rebalancing: () => this.rejoin(),
      lost: (error) => this.tell({ kind: 'lost', error }),
      failed: (error) => this.retrying(1, error),
    });
  }

  /** Who commits; `null` while this is no member. */
  get current(): Identity | null {
    return this.identity;
  }

  /** Something was let go, or the group changes. */
  rejoin(): void {
    if (this.event === null) this.tell({ kind: 'rejoin' });
  }

  /** Resolves when it was closed. @throws what no further attempt would mend. */
  async run(): Promise<void> {
    const backoff = new Backoff();
    while (!this.closing.signal.aborted) {
      try {
        await this.joinOnce();
        backoff.reset();
        await this.nextEvent();
      } catch (error) {
        if (this.closing.signal.aborted) return;
        await this.failed(error, backoff);
      }
    }
  }

  /** Leaves the group. */
  async close(): Promise<void> {
    this.closing.abort();
    this.wakeUp?.();
    this.heartbeats.end();
    // The others need not wait for this member's session to end.
    if (this.memberId !== '') await this.coordinator.leave(this.memberId).catch(() => undefined);
  }

  private async joinOnce(): Promise<void> {
    this.event = null;
    this.heartbeats.joining();
    const subscription = encodeSubscription(this.topic, this.holder.held());
    const joined = await this.coordinator.join(this.memberId, subscription, (memberId) => (this.memberId = memberId));
    this.memberId = joined.memberId;
    const { memberId, generation } = joined;
    const askedAt = new Clocks();
    const identity: Identity = { memberId, generation };
    const bytes = await this.coordinator.sync(identity, await this.assign(joined));
    if (this.closing.signal.aborted) return;
    this.identity = identity;
    this.heartbeats.begin(identity, askedAt);
    const partitions = decodeAssignment(bytes, this.topic);
    this.holder.assigned(partitions);
    this.cluster.notices({ kind: 'joined', group: this.group, generation, partitions });
  }

  private async assign({ members }: Joined): Promise<Map<string, Buffer>> {
    const assignments = new Map<string, Buffer>();
    if (members === null) return assignments;
    const claims: MemberClaim[] = [];
    for (const { memberId, memberMetadata } of members) {
      const held = decodeSubscription(memberMetadata, this.topic);
      if (held) claims.push({ id: memberId, held });
    }
    const partitions = await this.partitions();
    for (const [id, share] of nextAssignment(partitions, claims)) {
      assignments.set(id, encodeAssignment(this.topic, share));
    }
    return assignments;
  }

  private async nextEvent(): Promise<void> {
    while (this.event === null && !this.closing.signal.aborted) {
      await new Promise<void>((resolve) => (this.wakeUp = resolve));
    }
    // The next round reads what is held only then, so what changed in between is in it.
    const event = this.event;
    if (event?.kind === 'lost') throw event.error;
  }

  private async failed(error: unknown, backoff: Backoff): Promise<void> {
    if (codeOf(error) === codes.rebalanceInProgress) return;
    if (isLoss(error)) {
      this.identity = null;
      this.memberId = '';
      this.heartbeats.end();
      this.cluster.notices({ kind: 'membership-lost', group: this.group, error });
      await this.holder.lost();
      return;
    }
    if (isFinal(error)) throw error;
    const waitMs = backoff.next();
    this.retrying(backoff.attempt, error);
    await pause(waitMs, this.closing.signal);
  }

  private tell(event: Event): void {
    this.event = event;
    this.wakeUp?.();
  }

  private retrying(attempt: number, error: unknown): void {
    this.cluster.notices({ kind: 'retrying', what: `membership of group ${this.group}`, attempt, error });
  }
}
