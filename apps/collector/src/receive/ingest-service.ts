import { setImmediate } from 'node:timers/promises';
import { toBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { topicName, topics } from '@moola/contracts/topics';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import { DiskFullError, LogUnavailableError, type EventLog } from '@moola/streams/ports/event-log';
import { originalOf, type SubmittedEvent, type Original } from './domain/submitted-event.js';
import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { Receiver, type ReceivedEvent } from './domain/receiver.js';
import { RefusalLetters } from './domain/refusal-letters.js';
import type { Refused, RefusedReason } from './domain/refused.js';
import { UnusedFields } from './domain/unused-fields.js';
import type { RememberedModels } from '../join/remembered-models.js';
import { contentId } from './event-id.js';
import { identifierHash, type AnonymisationKey } from './identifier-hash.js';
import { IntakeWriter, type KeyedRow } from './intake-writer.js';
import type { ModelAdmission } from './model-admission.js';
import { refusalLetter } from './refusal-letter.js';
import { TooLate } from './too-late.js';

/** What became of one submitted event. */
export type Answer =
  /** @param note what may become of it all the same */
  | { readonly accepted: true; readonly id: string; readonly note?: string }
  | { readonly accepted: false; readonly id: string; readonly refused: Refused };

/** What became of all of them, in their order. Accepted means: durable in `intake`, even through a power cut. */
export type Answers =
  | {
      readonly kind: 'answered';
      readonly answers: readonly Answer[];
      /** Fields and kinds of what was accepted that nothing uses yet. */
      readonly unused: readonly string[];
    }
  /** Nothing is promised of any of them. */
  | { readonly kind: 'disk-full' | 'unavailable'; readonly detail: string };

export interface IngestOptions {
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
  /** Where the join's tasks run in this process: what would be too late there is refused here. */
  readonly remembered?: RememberedModels;
  /** Hears for what each event was refused; for metrics. */
  readonly refusedFor?: (reason: RefusedReason) => void;
  /** Which models may send. By default all. */
  readonly models?: ModelAdmission;
}

/** So many events are taken at once, a few milliseconds' work; then it is the turn of whatever else waits. */
const eventsATurn = 500;

/** The way into `intake` for callers that wait for an answer: validates, anonymises, keys by model, appends, and answers event by event. */
export class IngestService {
  private readonly receiver: Receiver;
  private readonly tooLate: TooLate;

  private constructor(
    private readonly options: IngestOptions,
    private readonly writer: IntakeWriter,
  ) {
    const { horizonMs = defaultDoorHorizonMs, anonymisation } = options;
    const replaceIdentifier = anonymisation ? identifierHash(anonymisation) : null;
    this.tooLate = new TooLate(options.remembered);
    this.receiver = new Receiver({ horizonMs, replaceIdentifier, contentId, unknownFields: 'refused' });
  }

  /** @throws {UnknownTopicError} when the environment's topics have not been made. */
  static async open(options: IngestOptions): Promise<IngestService> {
    const { log, environment } = options;
    const partitions = await log.partitionCount(topicName(environment, topics.intake));
    return new IngestService(options, new IntakeWriter(log, environment, partitions));
  }

  /**
   * Takes what can be taken. Resolves after the flush that the answers promise.
   * @param nowMs the present: wall time, or the time of a replay.
   */
  async append(submittedEvents: readonly SubmittedEvent[], nowMs: number): Promise<Answers> {
    const rows: KeyedRow[] = [];
    const answers: Answer[] = [];
    const { key, origin, refusedFor } = this.options;
    const unused = new UnusedFields();
    const letters = new RefusalLetters((record) => {
      refusedFor?.(record.refused.reason);
      return refusalLetter(key, record);
    });
    for (const [index, submitted] of submittedEvents.entries()) {
      // Others wait for this thread as well.
      if (index > 0 && index % eventsATurn === 0) await setImmediate();
      const received = this.admitted(this.timely(this.receiver.receive(submitted, nowMs)));
      if (received.accepted) {
        rows.push(received);
        unused.add(received.row);
        const note = this.tooLate.note(received, this.writer.partitionOf(received.model), nowMs);
        answers.push({ accepted: true, id: idOf(received.row), ...(note === null ? {} : { note }) });
      } else {
        const { id, refused } = received;
        letters.add({ original: originalOf(submitted), refused, atMs: nowMs, origin, place: '' });
        answers.push({ accepted: false, id, refused });
      }
    }
    try {
      if (submittedEvents.length > 0) await this.writer.write(rows, letters.finish());
      return { kind: 'answered', answers, unused: unused.names() };
    } catch (error) {
      if (error instanceof DiskFullError) return { kind: 'disk-full', detail: error.message };
      if (error instanceof LogUnavailableError) return { kind: 'unavailable', detail: error.message };
      throw error;
    }
  }

  /** Refuses what would be dropped as too late. */
  private timely(received: ReceivedEvent): ReceivedEvent {
    if (!received.accepted) return received;
    const refused = this.tooLate.refusal(received, this.writer.partitionOf(received.model));
    return refused === null ? received : { accepted: false, id: idOf(received.row), refused };
  }

  /** Refuses what is of one undeclared model too many. */
  private admitted(received: ReceivedEvent): ReceivedEvent {
    if (!received.accepted) return received;
    const refused = this.options.models?.refusal(received.model) ?? null;
    return refused === null ? received : { accepted: false, id: idOf(received.row), refused };
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

function idOf(row: IntakeRow): string {
  return row.kind === 'prediction' ? row.id : row.event.id;
}
