import { topics } from '@moola/contracts/topics';
import type { ActionResult, DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Topic } from '@moola/contracts/topic';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import { TopicTail } from './topic-tail.js';

const actionKey = (action: { incident: string; step: number; attempt: number }) =>
  `${action.incident}/${action.step}/${action.attempt}`;
const deliveryKey = (delivery: Pick<DeliveryReceipt, 'notification' | 'channelKind' | 'channelName' | 'attempt'>) =>
  `${delivery.notification}/${delivery.channelKind}/${delivery.channelName}/${delivery.attempt}`;

/** Who moved an alias last, as far as the responder did. */
export interface AliasMove {
  readonly incident: string;
  readonly to: string;
}

/** Told the facts of an environment, each once, as they come. */
export interface FactReader {
  snapshot(snapshot: Snapshot): void;
  kpi(kpi: Kpi): void;
  /** @param offset of the record that it stands in */
  incidentEvent(event: IncidentEvent, offset: number): void;
}

/** A topic's partition that is followed, and which ticks its writers have passed on. */
interface Followed {
  readonly tail: TopicTail<unknown>;
  readonly passed: ReadonlyMap<string, number>;
  /** Each of them must have passed a tick on; where none is named, any. */
  readonly writers: readonly string[];
}

/**
 * Knows when everything that a tick causes is done: every processor has passed the tick on, and every action and
 * delivery that was asked for has its result where its asker reads it. What it reads of facts it hands on.
 */
export class Consequences {
  /** What it follows. */
  static readonly topics = [
    ...[topics.actions, topics.deliveries, topics.kpis, topics.incidents, topics.snapshots],
    ...[topics.signals, topics.notifications],
  ];
  /** What is asked for at a tick. */
  private readonly asked: readonly Followed[];
  private readonly facts: readonly Followed[];
  private readonly openActions = new Set<string>();
  private readonly openReceiptsInSignals = new Set<string>();
  private readonly openReceiptsInNotifications = new Set<string>();
  private readonly moves = new Map<string, AliasMove>();
  private readonly signals: TopicTail<unknown>;
  private readonly notifications: readonly TopicTail<unknown>[];
  lastMove: AliasMove | null = null;

  /** @param partitions partition count of each topic, by short name */
  constructor(log: EventLog, environment: string, partitions: (topic: { name: string }) => number, facts: FactReader) {
    const follow = <T>(
      topic: Topic<T>,
      data: (value: T, offset: number) => void,
      writers: readonly string[] = [],
    ): Followed[] =>
      Array.from({ length: partitions(topic) }, (_, partition) => {
        const passed = new Map<string, number>();
        const tail: TopicTail<T> = new TopicTail(log, environment, topic, partition, {
          data: (value) => data(value, tail.offset),
          tick: (tickMs, source) => passed.set(source.processor, Math.max(tickMs, passed.get(source.processor) ?? 0)),
        });
        return { tail, passed, writers };
      });
    // Snapshots first: incidents refer to alerts.
    this.facts = [
      ...follow(topics.snapshots, (snapshot) => facts.snapshot(snapshot)),
      ...follow(topics.kpis, (kpi) => facts.kpi(kpi), ['bridge', 'bridge/protected-value']),
      ...follow(topics.incidents, (event, offset) => facts.incidentEvent(event, offset)),
    ];
    this.asked = [
      ...follow(topics.actions, (intent) => {
        this.openActions.add(actionKey(intent));
        if (intent.kind.case === 'moveAlias')
          this.moves.set(actionKey(intent), { incident: intent.incident, to: intent.kind.value.to });
      }),
      ...follow(topics.deliveries, (intent) => {
        this.openReceiptsInSignals.add(deliveryKey(intent));
        this.openReceiptsInNotifications.add(deliveryKey(intent));
      }),
    ];
    this.signals = new TopicTail(log, environment, topics.signals, 0, {
      data: ({ kind }) => {
        if (kind.case === 'result') this.takeResult(kind.value);
        if (kind.case === 'receipt') this.openReceiptsInSignals.delete(deliveryKey(kind.value));
      },
    });
    this.notifications = Array.from(
      { length: partitions(topics.notifications) },
      (_, partition) =>
        new TopicTail(log, environment, topics.notifications, partition, {
          data: ({ kind }) => {
            if (kind.case === 'receipt') this.openReceiptsInNotifications.delete(deliveryKey(kind.value));
          },
        }),
    );
  }

  private takeResult(result: ActionResult): void {
    const key = actionKey(result);
    this.openActions.delete(key);
    const move = this.moves.get(key);
    this.moves.delete(key);
    if (move !== undefined && result.outcome === ActionOutcome.DONE) this.lastMove = move;
  }

  /** Resolves when all that ticks up to `tickMs` cause is done, and every fact of theirs is read. */
  async done(tickMs: number, signal: AbortSignal): Promise<void> {
    for (const followed of this.facts) await passed(followed, tickMs, signal);
    await this.answered(tickMs, signal);
  }

  /** Resolves when what ticks up to `tickMs` ask for has its results: nothing that follows from these ticks is missing. */
  async answered(tickMs: number, signal: AbortSignal): Promise<void> {
    for (const followed of this.asked) await passed(followed, tickMs, signal);
    await this.signals.until(() => this.openActions.size + this.openReceiptsInSignals.size === 0, signal);
    // Receipts of one notification lie in its partition alone, so each partition is read as far as it goes in turn.
    while (this.openReceiptsInNotifications.size > 0) {
      signal.throwIfAborted();
      for (const tail of this.notifications) await tail.toEnd();
      if (this.openReceiptsInNotifications.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Reads the facts that the log holds now. */
  async toEnd(): Promise<void> {
    for (const { tail } of this.facts) await tail.toEnd();
  }

  /** Where each partition that it follows needs not be kept any more: to be asked when all is done. */
  async *read(): AsyncIterable<{ readonly at: TopicPartition; readonly before: number }> {
    for (const { tail } of [...this.facts, ...this.asked]) yield { at: tail.at, before: tail.next };
    // Nothing is open, so no result stands behind the end of these.
    for (const tail of [this.signals, ...this.notifications]) {
      await tail.passOver();
      yield { at: tail.at, before: tail.next };
    }
  }
}

function passed({ tail, passed, writers }: Followed, tickMs: number, signal: AbortSignal): Promise<void> {
  const hasPassed = (tick: number | undefined) => tick !== undefined && tick >= tickMs;
  const isDone = () =>
    writers.length > 0
      ? writers.every((writer) => hasPassed(passed.get(writer)))
      : [...passed.values()].some(hasPassed);
  return tail.until(isDone, signal);
}
