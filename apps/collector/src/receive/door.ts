import { toBinary } from '@bufbuild/protobuf';
import { DeadLetterReason, type DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { deadLetter } from '@moola/platform/dead-letters/letters';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import { DiskFullError, type EventLog } from '@moola/streams/event-log';
import { defaultDoorHorizonMs, receive, type ReceiveContext } from './domain/receive.js';
import type { Refused, RefusedReason } from './domain/refused.js';
import { contentId } from './event-id.js';
import { identifierHash, type AnonymisationKey } from './identifier-hash.js';
import { IntakeWriter, type KeyedRow } from './intake-writer.js';

/** The bytes that an event came in. Called only when it is refused. */
export interface Original {
  readonly encoding: 'json' | 'protobuf';
  readonly bytes: () => Uint8Array;
}

/** Something that wants in: an event, or what could not be read as one. */
export type Offer =
  | { readonly kind: 'event'; readonly event: Event; readonly original: Original }
  | { readonly kind: 'unreadable'; readonly refused: Refused; readonly original: Original };

/** What became of one offer. */
export type Answer =
  | { readonly accepted: true; readonly id: string }
  | { readonly accepted: false; readonly id: string; readonly refused: Refused };

/** What became of all of them, in their order. Accepted means: durable in `intake`, even through a power cut. */
export type Answers =
  | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
  /** Nothing is promised of any of them. */
  | { readonly kind: 'disk-full'; readonly detail: string };

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

/** More of the original bytes is not kept in a letter. */
const mostOriginalBytes = 256 * 1024;

const letterReasons: Readonly<Record<RefusedReason, DeadLetterReason>> = {
  malformed: DeadLetterReason.MALFORMED,
  'invalid-field': DeadLetterReason.INVALID_FIELD,
  'time-out-of-range': DeadLetterReason.TIME_OUT_OF_RANGE,
};

/** The one way into `intake`: validates, anonymises, keys by model, appends, and answers event by event. */
export class Door {
  private readonly context: Omit<ReceiveContext, 'nowMs'>;

  private constructor(
    private readonly options: DoorOptions,
    private readonly writer: IntakeWriter,
  ) {
    const { horizonMs = defaultDoorHorizonMs, anonymisation } = options;
    const replaceIdentifier = anonymisation ? identifierHash(anonymisation) : null;
    this.context = { horizonMs, replaceIdentifier, contentId };
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
    const letters: DeadLetter[] = [];
    const answers = offers.map((offer): Answer => {
      const received =
        offer.kind === 'event'
          ? receive(offer.event, { nowMs, ...this.context })
          : ({ accepted: false, refused: offer.refused } as const);
      const id = offer.kind === 'event' ? offer.event.id : '';
      if (received.accepted) {
        rows.push(received);
        return { accepted: true, id };
      }
      letters.push(this.letter(offer.original, received.refused, nowMs));
      return { accepted: false, id, refused: received.refused };
    });
    try {
      if (offers.length > 0) await this.writer.write(rows, letters);
      return { kind: 'answered', answers };
    } catch (error) {
      if (error instanceof DiskFullError) return { kind: 'disk-full', detail: error.message };
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

  private letter({ encoding, bytes }: Original, { reason, field, detail }: Refused, atMs: number): DeadLetter {
    const original = bytes();
    const kept = original.subarray(0, mostOriginalBytes);
    const cut = kept.length < original.length ? ` (the first ${kept.length} of ${original.length} bytes are kept)` : '';
    return deadLetter(this.options.key, {
      ...{ atMs, origin: this.options.origin, encoding, original: kept },
      reason: letterReasons[reason],
      detail: (field === '' ? detail : `${field} ${detail}`) + cut,
    });
  }
}
