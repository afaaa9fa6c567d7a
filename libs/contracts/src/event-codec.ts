import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ByteSink } from './byte-sink.js';
import { ByteSource } from './byte-source.js';
import { EventSchema, type Event, type Outcome } from './gen/moola/v1/telemetry_pb.js';
import type { EventRow } from './rows.js';
import { eventTag, outcomeTag, timestampTag } from './telemetry-tags.js';

/** Reads an event. Outcomes are by far the most: they are read directly, to the same as the general way gives. */
export function readEvent(bytes: Uint8Array): Event {
  return readOutcomeEvent(bytes) ?? fromBinary(EventSchema, bytes);
}

/** An event that lies in a record: it is read when it is asked for, and passed on without. */
export class EventView implements EventRow {
  private read: Event | null = null;

  constructor(readonly bytes: Uint8Array) {}

  get kind(): 'event' {
    return 'event';
  }

  get event(): Event {
    return (this.read ??= readEvent(this.bytes));
  }
}

export function eventBytes(row: EventRow): Uint8Array {
  if (row instanceof EventView) return row.bytes;
  return outcomeEventBytes(row.event) ?? toBinary(EventSchema, row.event);
}

/** The same bytes as the general way gives; `null` for what is not a plain outcome. */
function outcomeEventBytes({ id, source, kind, $unknown }: Event): Uint8Array | null {
  if (kind.case !== 'outcome' || $unknown) return null;
  const { model, input, knownAt, truth, value, revision, prediction, $unknown: more } = kind.value;
  if (prediction || more || knownAt?.$unknown) return null;
  const seconds = Number(knownAt?.seconds ?? 0n);
  const nanos = knownAt?.nanos ?? 0;
  if (!(seconds >= 0 && seconds <= largestNumber) || nanos < 0) return null;
  addText(eventTag.id, id);
  addText(eventTag.source, source);
  const outcome = sink.open(eventTag.outcome);
  addText(outcomeTag.model, model);
  addText(outcomeTag.input, input);
  if (knownAt) {
    const opened = sink.open(outcomeTag.knownAt);
    addNumber(timestampTag.seconds, seconds);
    addNumber(timestampTag.nanos, nanos);
    sink.close(opened);
  }
  addText(outcomeTag.truth, truth);
  if (value !== undefined) sink.double(outcomeTag.value, value);
  addNumber(outcomeTag.revision, revision);
  sink.close(outcome);
  return sink.take();
}

/** Written to again and again. */
const sink = new ByteSink();

/** What `ByteSink` writes as a number. */
const largestNumber = 0xffff_ffff;

/** What is empty or 0 is left out, as proto3 does. */
function addText(tag: number, text: string): void {
  if (text !== '') sink.text(tag, text);
}

function addNumber(tag: number, value: number): void {
  if (value !== 0) sink.unsigned(tag, value);
}

/** `null` when there is anything in it that is not a plain outcome. */
function readOutcomeEvent(bytes: Uint8Array): Event | null {
  const source = new ByteSource(bytes);
  const event: Event = { $typeName: 'moola.v1.Event', id: '', source: '', kind: { case: undefined } };
  while (!source.done) {
    switch (source.varint()) {
      case eventTag.id:
        event.id = source.text();
        break;
      case eventTag.source:
        event.source = source.text();
        break;
      case eventTag.outcome: {
        const before = source.enter();
        const value = readOutcome(source);
        if (value === null || event.kind.case !== undefined) return null;
        event.kind = { case: 'outcome', value };
        source.leave(before);
        break;
      }
      default:
        return null;
    }
  }
  return event.kind.case === 'outcome' ? event : null;
}

function readOutcome(source: ByteSource): Outcome | null {
  const outcome: Outcome = { $typeName: 'moola.v1.Outcome', model: '', input: '', truth: '', revision: 0 };
  while (!source.done) {
    switch (source.varint()) {
      case outcomeTag.model:
        outcome.model = source.text();
        break;
      case outcomeTag.input:
        outcome.input = source.text();
        break;
      case outcomeTag.knownAt: {
        const before = source.enter();
        if (outcome.knownAt !== undefined) return null;
        const knownAt = readTimestamp(source);
        if (knownAt === null) return null;
        outcome.knownAt = knownAt;
        source.leave(before);
        break;
      }
      case outcomeTag.truth:
        outcome.truth = source.text();
        break;
      case outcomeTag.value:
        outcome.value = source.double();
        break;
      case outcomeTag.revision:
        outcome.revision = source.varint();
        break;
      default:
        return null;
    }
  }
  return outcome;
}

/** `null` for one before 1970, whose seconds are negative. */
function readTimestamp(source: ByteSource): NonNullable<Outcome['knownAt']> | null {
  let seconds = 0;
  let nanos = 0;
  while (!source.done) {
    switch (source.varint()) {
      case timestampTag.seconds: {
        const read = source.integer();
        if (read === null) return null;
        seconds = read;
        break;
      }
      case timestampTag.nanos:
        nanos = source.varint();
        break;
      default:
        return null;
    }
  }
  return { $typeName: 'google.protobuf.Timestamp', seconds: BigInt(seconds), nanos };
}
