import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { unseal, type InstallationKey } from '@moola/platform/dead-letters/seal';
import { decodeBatch } from '@moola/streams/processor/batch-codec';
import { OffsetOutOfRangeError, type EventLog } from '@moola/streams/ports/event-log';
import { follow } from '../read-model/follow.js';
import { DeadLetterFold, type KnownDeadLetter } from './dead-letter-fold.js';
import type { DeadLetterPageView, RetriedEventView } from './views.js';

/**
 * Takes the original bytes of a letter in again, as if they had just come by its origin's door. Resolves with what became
 * of each event when what was accepted is durable.
 */
export type Retry = (
  environment: string,
  letter: DeadLetter,
  payload: Uint8Array,
) => Promise<readonly RetriedEventView[]>;

export interface OpenedDeadLetter {
  readonly known: KnownDeadLetter;
  readonly letter: DeadLetter;
  readonly payload: Uint8Array;
}

/** A dead letter, opened, or why it cannot be. */
export type Opening =
  | ({ readonly kind: 'opened' } & OpenedDeadLetter)
  | { readonly kind: 'unknown' | 'expired' }
  | { readonly kind: 'sealed'; readonly problem: string };

/** The dead letters of all environments of this process: which there are, what they hold, and another try. */
export class DeadLetters {
  private readonly folds: ReadonlyMap<string, DeadLetterFold>;

  constructor(
    environments: readonly string[],
    private readonly log: EventLog,
    private readonly key: InstallationKey,
    private readonly takeIn: Retry,
  ) {
    this.folds = new Map(environments.map((environment) => [environment, new DeadLetterFold()]));
  }

  /** Follows the topics until the signal aborts; rejects when it can no longer. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.folds].map(([environment, fold]) => this.followOne(environment, fold, signal)));
  }

  /** @returns `null` when there is no such environment, or `before` is not known in it */
  page(environment: string, limit: number, before: string | null): DeadLetterPageView | null {
    return this.folds.get(environment)?.page(limit, before) ?? null;
  }

  async open(environment: string, id: string): Promise<Opening> {
    const known = this.folds.get(environment)?.get(id) ?? null;
    if (known === null) return { kind: 'unknown' };
    const letter = await this.read(known);
    if (letter === null) return { kind: 'expired' };
    const unsealed = unseal(this.key, letter.id, letter.sealed);
    if (!unsealed.ok) return { kind: 'sealed', problem: unsealed.problem };
    return { kind: 'opened', known, letter, payload: unsealed.bytes };
  }

  retry(environment: string, { letter, payload }: OpenedDeadLetter): Promise<readonly RetriedEventView[]> {
    return this.takeIn(environment, letter, payload);
  }

  private async followOne(environment: string, fold: DeadLetterFold, signal: AbortSignal): Promise<void> {
    const topic = topicName(environment, topics.deadLetters);
    const partitions = await this.log.partitionCount(topic);
    await Promise.all(
      Array.from({ length: partitions }, (_, partition) => {
        const at = { topic, partition };
        return follow(
          this.log,
          at,
          topics.deadLetters,
          {
            data: (letter, place) => fold.take(letter, at, place),
            tick: () => undefined,
            progress: () => undefined,
          },
          signal,
        );
      }),
    );
  }

  /** @returns `null` when retention has removed it */
  private async read({ at, place, view }: KnownDeadLetter): Promise<DeadLetter | null> {
    try {
      const { records } = await this.log.read(at, place.offset, 1);
      const record = records[0];
      const letter = record && decodeBatch(record.value, topics.deadLetters.codec).data[place.index];
      return letter?.id === view.id ? letter : null;
    } catch (error) {
      if (error instanceof OffsetOutOfRangeError) return null;
      throw error;
    }
  }
}
