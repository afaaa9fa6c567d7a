import type { Topic } from '@moola/contracts/topic';
import { decodeBatch, externalBatch, rowKind } from '../processor/batch-codec.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, LogRecord, TopicPartition } from '../ports/event-log.js';

/** Between two ticks of a partition that others write to, in milliseconds. */
export const defaultTickMs = 100;

/** A clock that goes back by less is being adjusted, in milliseconds. */
const setBackMs = 1000;

/** Between two ticks of a partition that nobody writes to, in milliseconds. */
const idleMs = 1000;

export interface TimekeeperSettings {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly topic: Topic<unknown>;
  readonly input: TopicPartition;
  /** Between two ticks while others write. */
  readonly tickMs: number;
  /** A tick could not be written; the next one is tried as usual. */
  readonly failed: (error: unknown) => void;
}

/**
 * Writes the time of a live environment into a partition, for as long as its task is assigned to this process. While
 * records arrive, every `tickMs`; once a second while nothing but ticks comes back. Its ticks only go forward; those of
 * two owners may cross, and readers take the largest. A reader drops a tick that is far ahead of its record's append time, so
 * a wrong clock here is no clock there.
 */
export class Timekeeper {
  private lastTickMs = -Infinity;
  private awake = false;
  private stopped = false;
  private setBackTold = false;
  private cancel: () => void = () => undefined;
  /** The tick that is under way. */
  private writing: Promise<void> | null = null;
  private readonly tickLength: number;

  constructor(private readonly settings: TimekeeperSettings) {
    this.tickLength = this.tick(1).length;
    this.schedule(settings.tickMs);
  }

  /** The task was given these records. */
  saw(records: readonly LogRecord[]): void {
    if (this.awake || this.stopped || records.every(({ value }) => this.isTick(value))) return;
    this.awake = true;
    if (this.writing === null) this.schedule(this.dueInMs());
  }

  /** No tick is written any more; resolves when none is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.writing;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.cancel();
    this.cancel = this.settings.clock.after(delayMs, () => {
      this.writing = this.write()
        .catch(this.settings.failed)
        .then(() => {
          this.writing = null;
          this.schedule(this.dueInMs());
        });
    });
  }

  private dueInMs(): number {
    const passedMs = this.settings.clock.nowMs() - this.lastTickMs;
    return Math.max(0, (this.awake ? this.settings.tickMs : idleMs) - Math.max(0, passedMs));
  }

  private async write(): Promise<void> {
    const nowMs = this.settings.clock.nowMs();
    if (nowMs <= this.lastTickMs) return this.tellSetBack(nowMs);
    this.setBackTold = false;
    this.lastTickMs = nowMs;
    this.awake = false;
    await this.settings.log.append(this.settings.input, [this.tick(nowMs)]);
  }

  /** Says once that the clock went back. Time never does: until the clock is there again, events are taken and rules wait. */
  private tellSetBack(nowMs: number): void {
    const backMs = this.lastTickMs - nowMs;
    if (backMs < setBackMs || this.setBackTold) return;
    this.setBackTold = true;
    const last = new Date(this.lastTickMs).toISOString();
    const message =
      `the clock of this machine was set back by ${Math.round(backMs / 1000)} s: events are taken in, but rules and deadlines ` +
      `wait until it is ${last} again; set the clock right`;
    this.settings.failed(new Error(message));
  }

  private tick(tickMs: number): Uint8Array {
    return externalBatch(this.settings.topic, [{ kind: 'tick', tickMs }])[0] as Uint8Array;
  }

  /** One tick without position and nothing else, its own or another owner's: nobody waits for what follows from it. */
  private isTick(value: Uint8Array): boolean {
    if (value.length !== this.tickLength) return false;
    const { source, kinds } = decodeBatch(value, this.settings.topic.codec);
    return source.processor === '' && kinds.length === 1 && kinds[0] === rowKind.tick;
  }
}
