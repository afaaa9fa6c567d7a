import { setImmediate } from 'node:timers/promises';
import { toBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topicName, topics } from '@moola/contracts/topics';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import { DiskFullError, LogUnavailableError, type EventLog } from '@moola/streams/event-log';
import { originalOf, type Offer, type Original } from './domain/offer.js';
import { defaultDoorHorizonMs } from './domain/door-horizons.js';
import { Receiver } from './domain/receiver.js';
import { RefusalLetters } from './domain/refusal-letters.js';
import type { Refused } from './domain/refused.js';
import { contentId } from './event-id.js';
import { identifierHash, type AnonymisationKey } from './identifier-hash.js';
import { IntakeWriter, type KeyedRow } from './intake-writer.js';
import { refusalLetter } from './refusal-letter.js';

/** What became of one offer. */
export type Answer =
  | { readonly accepted: true; readonly id: string }
  | { readonly accepted: false; readonly id: string; readonly refused: Refused };

/** What became of all of them, in their order. Accepted means: durable in `intake`, even through a power cut. */
export type Answers =
  | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
  /** Nothing is promised of any of them. */
  | { readonly kind: 'disk-full' | 'unavailable'; readonly detail: string };

export interface DoorOptions {
  readonly log: EventLog;
  readonly environment: string;
  /** Seals the original bytes of what is refused. */
  readonly key: InstallationKey;
  /** For dead letters: "http", "replay". */
  readonly origin: string;
  /**
   * Older events are refused, in milliseconds.
   * @default 2678400000 (31 days)
   */
  readonly horizonMs?: number;
  /** Replaces identifiers before anything is stored. Off by default. */
  readonly anonymisation?: AnonymisationKey;
}

/** So many events are taken at once, a few milliseconds' work; then it is the turn of whatever else waits. */
const eventsATurn = 500;

/** The way into `intake` for callers that wait for an answer: validates, anonymises, keys by model, appends, and answers event by event. */
export class Door {
  private readonly receiver: Receiver;

  private constructor(
    private readonly options: DoorOptions,
    private readonly writer: IntakeWriter,
  ) {
    const { horizonMs = defaultDoorHorizonMs, anonymisation } = options;
    const replaceIdentifier = anonymisation ? identifierHash(anonymisation) : null;
    this.receiver = new Receiver({ horizonMs, replaceIdentifier, contentId, unknownFields: 'refused' });
  }

  /** @throws {UnknownTopicError} when the environment's topics have not been made. */
  static async open(options: DoorOptions): Promise<Door> {
    const { log, environment } = options;
    const partitions = await log.partitionCount(topicName(environment, topics.intake));
    return new Door(options, new IntakeWriter(log, environment, partitions));
  }

  /**
   * Takes what can be taken. Resolves after the flush that the answers promise.
   * @param nowMs the present: wall time, or the time of a replay.
   */
  async append(offers: readonly Offer[], nowMs: number): Promise<Answers> {
    const rows: KeyedRow[] = [];
    const answers: Answer[] = [];
    const { key, origin } = this.options;
    const letters = new RefusalLetters((refused) => refusalLetter(key, refused));
    for (const [index, offer] of offers.entries()) {
      // Others wait for this thread as well.
      if (index > 0 && index % eventsATurn === 0) await setImmediate();
      const received = this.receiver.offer(offer, nowMs);
      if (received.accepted) {
        const { row } = received;
        rows.push(received);
        answers.push({ accepted: true, id: row.kind === 'prediction' ? row.id : row.event.id });
      } else {
        const { id, refused } = received;
        letters.add({ original: originalOf(offer), refused, atMs: nowMs, origin, place: '' });
        answers.push({ accepted: false, id, refused });
      }
    }
    try {
      if (offers.length > 0) await this.writer.write(rows, letters.finish());
      return { kind: 'answered', answers };
    } catch (error) {
      if (error instanceof DiskFullError) return { kind: 'disk-full', detail: error.message };
      if (error instanceof LogUnavailableError) return { kind: 'unavailable', detail: error.message };
      throw error;
    }
  }

  /** For callers that hold events, not bytes: a replay, a test. */
  appendEvents(events: readonly Event[], nowMs: number): Promise<Answers> {
    return this.append(
      events.map((event) => {
        const original: Original = { encoding: 'protobuf', bytes: () => toBinary(EventSchema, event) };
        return { kind: 'event', event, original };
      }),
      nowMs,
    );
  }
}
