import { fromBinary } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { modelOf } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';
import type { TimeRange } from './checks.js';
import { eventOfJson } from './event-json.js';
import { isObject } from './json-object.js';
import { malformed, type SubmittedEvent, type UnknownFields } from './submitted-event.js';
import { QuickJson } from './quick/quick-json.js';
import { QuickProtobuf } from './quick/quick-protobuf.js';
import { lostKeyInJson, lostKeyInProtobuf } from './lost-key.js';
import { messageOf } from './read-protobuf.js';
import { futureToleranceMs, receive, type ReceiveContext } from './receive.js';
import type { Refused } from './refused.js';

export interface ReceiverSettings extends Omit<ReceiveContext, 'nowMs'> {
  readonly unknownFields: UnknownFields;
}

/** What became of an event. */
export type ReceivedEvent =
  | { readonly accepted: true; readonly row: IntakeRow; readonly model: string }
  /** @param id that the event came with, where it could be read */
  | { readonly accepted: false; readonly id: string; readonly refused: Refused };

/**
 * The one way in, for every door and every form: what is plainly right is read in one pass, everything else by the
 * generated reader and `receive`. What comes out is a function of the event and of the present.
 */
export class Receiver {
  private readonly quickProtobuf: QuickProtobuf;
  private readonly quickJson: QuickJson;
  private ignored = 0;
  private range: TimeRange = { fromMs: NaN, untilMs: NaN };
  private rangeOfMs = NaN;

  constructor(private readonly settings: ReceiverSettings) {
    this.quickProtobuf = new QuickProtobuf(settings.replaceIdentifier);
    this.quickJson = new QuickJson(settings.replaceIdentifier);
  }

  /** Fields of newer producers that were ignored so far. */
  get unknownFields(): number {
    return this.ignored + this.quickProtobuf.unknownFields;
  }

  receive(submitted: SubmittedEvent, nowMs: number): ReceivedEvent {
    switch (submitted.kind) {
      case 'protobuf': {
        const { buffer, byteOffset, length } = submitted.bytes;
        return this.protobuf(Buffer.from(buffer, byteOffset, length), 0, length, nowMs);
      }
      case 'json':
        return this.json(submitted.value, submitted.where, nowMs);
      case 'event':
        return this.event(submitted.event, nowMs);
      case 'unreadable':
        return { accepted: false, id: '', refused: submitted.refused };
    }
  }

  /** A `moola.v1.Event`. */
  protobuf(bytes: Buffer, start: number, end: number, nowMs: number): ReceivedEvent {
    const row = this.quickProtobuf.read(bytes, start, end, this.rangeAt(nowMs));
    if (row !== null) return this.taken(row);
    let event: Event;
    try {
      event = fromBinary(EventSchema, bytes.subarray(start, end));
      const lost = lostKeyInProtobuf(bytes.subarray(start, end));
      if (lost !== null) return { accepted: false, id: event.id, refused: lost };
    } catch (error) {
      return { accepted: false, id: '', refused: malformed(`is no moola.v1.Event: ${messageOf(error)}`) };
    }
    const unknown = forgetUnknownFields(event);
    this.ignored += unknown;
    return withHint(this.event(event, nowMs), unknown);
  }

  /** @param where of the value, said when it is no event. */
  json(value: unknown, where: string, nowMs: number): ReceivedEvent {
    const row = this.quickJson.read(value, this.rangeAt(nowMs));
    if (row !== null) return this.taken(row);
    const lost = lostKeyInJson(value);
    if (lost !== null) return { accepted: false, id: '', refused: lost };
    const read = eventOfJson(value, this.settings.unknownFields);
    if (!read.ok) {
      const { field, detail } = read.refused;
      // What names its field needs no place beside it.
      return {
        accepted: false,
        id: idOf(value),
        refused: { ...read.refused, detail: field === '' ? where + detail : detail },
      };
    }
    this.ignored += read.unknownFields;
    return withHint(this.event(read.event, nowMs), read.unknownFields);
  }

  event(event: Event, nowMs: number): ReceivedEvent {
    const { id } = event;
    const received = receive(event, { nowMs, ...this.settings });
    return received.accepted ? received : { accepted: false, id, refused: received.refused };
  }

  private taken(row: IntakeRow): ReceivedEvent {
    if (row.kind === 'prediction') {
      const named = row.id === '' ? { ...row, id: this.settings.contentId(row) } : row;
      return { accepted: true, row: named, model: row.model };
    }
    const { event } = row;
    if (event.id === '') event.id = this.settings.contentId(row);
    return { accepted: true, row, model: modelOf(row) };
  }

  private rangeAt(nowMs: number): TimeRange {
    if (nowMs !== this.rangeOfMs) {
      this.range = { fromMs: nowMs - this.settings.horizonMs, untilMs: nowMs + futureToleranceMs };
      this.rangeOfMs = nowMs;
    }
    return this.range;
  }
}

/** Where it can be read, so that its sender finds it. */
function idOf(value: unknown): string {
  return isObject(value) && typeof value['id'] === 'string' ? value['id'] : '';
}

/** An event that says nothing may be of a kind that only a newer version knows. */
function withHint(received: ReceivedEvent, unknownFields: number): ReceivedEvent {
  if (received.accepted || unknownFields === 0 || received.refused.field !== '') return received;
  const { detail, ...refused } = received.refused;
  const hint = `fields that this version does not know: ${unknownFields} (a newer producer's?)`;
  return { ...received, refused: { ...refused, detail: `${detail}; ${hint}` } };
}

/** The event's own and those of what it holds; none of them goes further. @returns how many there were */
function forgetUnknownFields(event: Event): number {
  return forgetIn(reflect(EventSchema, event));
}

function forgetIn(of: ReflectMessage): number {
  let count = of.message.$unknown?.length ?? 0;
  delete of.message.$unknown;
  for (const field of of.fields) {
    if (field.fieldKind === 'message' && of.isSet(field)) count += forgetIn(of.get(field));
  }
  return count;
}
