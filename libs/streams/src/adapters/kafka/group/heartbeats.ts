import { codeOf, codes } from '../connection/kafka-error.js';
import type { Coordinator, Identity } from './coordinator.js';

/** What a heartbeat's answer asks for. */
export interface HeartbeatListener {
  /** Other members come or go: join again. */
  rebalancing(): void;
  /** The group went on without this member. */
  lost(error: unknown): void;
  /** No answer, or none from the coordinator. */
  failed(error: unknown): void;
}

const lossCodes = new Set<number | null>([codes.unknownMember, codes.illegalGeneration, codes.fencedInstance]);

export function isLoss(error: unknown): boolean {
  return lossCodes.has(codeOf(error));
}

/** Tells the coordinator that a member lives, and the member for how long it may believe that it still is one. */
export class Heartbeats {
  private identity: Identity | null = null;
  private isJoining = false;
  private timer: NodeJS.Timeout | null = null;
  private isUnderWay = false;
  private sendAgain = false;
  private readonly standing = new Clocks();
  private waiters: { readonly after: number; readonly resolve: () => void }[] = [];
  private sent = 0;

  constructor(
    private readonly coordinator: Coordinator,
    private readonly everyMs: number,
    private readonly sessionTimeoutMs: number,
    private readonly listener: HeartbeatListener,
  ) {}

  /** A generation has begun; the coordinator counts from when its answer was asked for. */
  begin(identity: Identity, askedAt: Clocks): void {
    this.identity = identity;
    this.isJoining = false;
    this.standing.set(askedAt);
    this.timer ??= setInterval(() => this.beat(), this.everyMs);
    if (this.waiters.length > 0) this.beat();
  }

  /** Until the next generation a refusal means nothing: the coordinator may have gone on to it already. */
  joining(): void {
    this.isJoining = true;
  }

  end(): void {
    this.identity = null;
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** Whether the coordinator still waits for this member: it answered within the session timeout. */
  get isStanding(): boolean {
    return this.standing.age < this.sessionTimeoutMs;
  }

  /** Resolves when a heartbeat that was sent after this call has succeeded. */
  confirmed(): Promise<void> {
    const confirmed = new Promise<void>((resolve) => this.waiters.push({ after: this.sent, resolve }));
    this.beat();
    return confirmed;
  }

  private beat(): void {
    if (this.isUnderWay) this.sendAgain = this.waiters.length > 0;
    else if (this.identity) void this.send(this.identity);
  }

  private async send(identity: Identity): Promise<void> {
    this.isUnderWay = true;
    const number = ++this.sent;
    const askedAt = new Clocks();
    try {
      await this.coordinator.heartbeat(identity);
      this.succeeded(number, identity, askedAt);
    } catch (error) {
      this.refused(error, identity, askedAt);
    }
    this.isUnderWay = false;
    if (this.sendAgain && this.waiters.length > 0 && !this.isJoining) {
      this.sendAgain = false;
      this.beat();
    }
  }

  private succeeded(number: number, identity: Identity, askedAt: Clocks): void {
    if (identity !== this.identity) return;
    this.standing.set(askedAt);
    if (this.isJoining) return;
    const waiters = this.waiters;
    this.waiters = waiters.filter(({ after }) => number <= after);
    for (const { after, resolve } of waiters) if (number > after) resolve();
  }

  private refused(error: unknown, identity: Identity, askedAt: Clocks): void {
    if (identity !== this.identity) return;
    if (codeOf(error) === codes.rebalanceInProgress) {
      this.standing.set(askedAt);
      if (!this.isJoining) this.listener.rebalancing();
    } else if (!isLoss(error)) this.listener.failed(error);
    else if (!this.isJoining) this.listener.lost(error);
  }
}

/** An instant on two clocks: one that nobody sets, and one that goes on while the machine sleeps. */
export class Clocks {
  private steady = performance.now();
  private wall = Date.now();

  set(other: Clocks): void {
    this.steady = other.steady;
    this.wall = other.wall;
  }

  /** Milliseconds since then, by the clock on which more have gone. */
  get age(): number {
    return Math.max(performance.now() - this.steady, Date.now() - this.wall);
  }
}
