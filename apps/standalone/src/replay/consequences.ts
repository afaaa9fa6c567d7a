import { topics } from '@moola/contracts/topics';
import type { ActionResult, DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Topic } from '@moola/contracts/topic';
import type { EventLog } from '@moola/streams/ports/event-log';
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

/**
 * Knows when everything that a tick causes is done: every processor has passed the tick on, and every action and
 * delivery that was asked for has its result where its asker reads it.
 */
export class Consequences {
  /** What it follows. */
  static readonly topics = [
    ...[topics.actions, topics.deliveries, topics.kpis, topics.incidents, topics.snapshots],
    ...[topics.signals, topics.notifications],
  ];
  private readonly tails: {
    until(reached: () => boolean, signal: AbortSignal): Promise<void>;
    passed: Map<string, number>;
    /** Each of them must have passed a tick on; where none is named, any. */
    writers: readonly string[];
  }[] = [];
  private readonly openActions = new Set<string>();
  private readonly openReceiptsInSignals = new Set<string>();
  private readonly openReceiptsInNotifications = new Set<string>();
  private readonly moves = new Map<string, AliasMove>();
  private readonly signals: TopicTail<unknown>;
  private readonly notifications: readonly TopicTail<unknown>[];
  lastMove: AliasMove | null = null;

  /** @param partitions partition count of each topic, by short name */
  constructor(log: EventLog, environment: string, partitions: (topic: { name: string }) => number) {
    const follow = <T>(topic: Topic<T>, data: (value: T) => void, writers: readonly string[] = []): void => {
      for (let partition = 0; partition < partitions(topic); partition++) {
        const passed = new Map<string, number>();
        const tail = new TopicTail(log, environment, topic, partition, {
          data,
          tick: (tickMs, source) => passed.set(source.processor, Math.max(tickMs, passed.get(source.processor) ?? 0)),
        });
        this.tails.push({ until: (reached, signal) => tail.until(reached, signal), passed, writers });
      }
    };
    follow(topics.actions, (intent) => {
      this.openActions.add(actionKey(intent));
      if (intent.kind.case === 'moveAlias')
        this.moves.set(actionKey(intent), { incident: intent.incident, to: intent.kind.value.to });
    });
    follow(topics.deliveries, (intent) => {
      this.openReceiptsInSignals.add(deliveryKey(intent));
      this.openReceiptsInNotifications.add(deliveryKey(intent));
    });
    follow(topics.kpis, () => undefined, ['bridge', 'bridge/protected-value']);
    follow(topics.incidents, () => undefined);
    follow(topics.snapshots, () => undefined);
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
    if (move !== undefined && result.outcome === ActionOutcome.DONE) this.lastMove = move;
  }

  /** Resolves when all that ticks up to `tickMs` cause is done. */
  async done(tickMs: number, signal: AbortSignal): Promise<void> {
    const hasPassed = (tick: number | undefined) => tick !== undefined && tick >= tickMs;
    for (const { until, passed, writers } of this.tails) {
      const isDone = () =>
        writers.length > 0
          ? writers.every((writer) => hasPassed(passed.get(writer)))
          : [...passed.values()].some(hasPassed);
      await until(isDone, signal);
    }
    await this.signals.until(() => this.openActions.size + this.openReceiptsInSignals.size === 0, signal);
    // Receipts of one notification lie in its partition alone, so each partition is read as far as it goes in turn.
    while (this.openReceiptsInNotifications.size > 0) {
      signal.throwIfAborted();
      for (const tail of this.notifications) await tail.toEnd();
      if (this.openReceiptsInNotifications.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
