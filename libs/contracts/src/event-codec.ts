import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ByteSink } from './byte-sink.js';
import { ByteSource } from './byte-source.js';
import { EventSchema, type Event } from './gen/moola/v1/telemetry_pb.js';
import { PlainOutcome } from './plain-outcome.js';
import type { EventRow } from './rows.js';
import { eventTag, outcomeTag, timestampTag } from './telemetry-tags.js';

/**
 * An event that lies in a record: it is read when it is asked for, and passed on without. Outcomes are by far the most: they are
 * read directly, to the same as the general way gives.
 */
export class EventView implements EventRow {
  private read: Event | null = null;
  private outcome: PlainOutcome | null | undefined = undefined;

  constructor(readonly bytes: Uint8Array) {}

  get kind(): 'event' {
    return 'event';
  }

  get event(): Event {
    return (this.read ??= this.plainOutcome()?.event ?? fromBinary(EventSchema, this.bytes));
  }

  /** `null`: it is something else. */
  plainOutcome(): PlainOutcome | null {
    if (this.outcome === undefined) this.outcome = readPlainOutcome(this.bytes);
    return this.outcome;
  }
}

/** The outcome, where an event is one that can be had without its event. */
export function plainOutcomeOf(row: EventRow): PlainOutcome | null {
  if (row instanceof PlainOutcome) return row;
  return row instanceof EventView ? row.plainOutcome() : null;
}

export function eventBytes(row: EventRow): Uint8Array {
  if (row instanceof EventView) return row.bytes;
  const outcome = row instanceof PlainOutcome ? row : plainOutcomeIn(row.event);
  if (outcome !== null && outcome.knownSeconds <= largestNumber) return outcomeBytes(outcome);
  return toBinary(EventSchema, row.event);
}

/** `null` for what is not a plain outcome. */
function plainOutcomeIn({ id, source, kind, $unknown }: Event): PlainOutcome | null {
  if (kind.case !== 'outcome' || $unknown) return null;
  const { model, input, knownAt, truth, value, revision, prediction, $unknown: more } = kind.value;
  if (prediction || more || knownAt === undefined || knownAt.$unknown) return null;
  const seconds = Number(knownAt.seconds);
  if (!(seconds >= 0) || knownAt.nanos < 0) return null;
  return new PlainOutcome(id, source, model, input, seconds, knownAt.nanos, truth, value, revision);
}

/** The same bytes as the general way gives. */
function outcomeBytes(row: PlainOutcome): Uint8Array {
  addText(eventTag.id, row.id);
  addText(eventTag.source, row.source);
  const outcome = sink.open(eventTag.outcome);
  addText(outcomeTag.model, row.model);
  addText(outcomeTag.input, row.input);
  const knownAt = sink.open(outcomeTag.knownAt);
  addNumber(timestampTag.seconds, row.knownSeconds);
  addNumber(timestampTag.nanos, row.knownNanos);
  sink.close(knownAt);
  addText(outcomeTag.truth, row.truth);
  if (row.value !== undefined) sink.double(outcomeTag.value, row.value);
  addNumber(outcomeTag.revision, row.revision);
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
function readPlainOutcome(bytes: Uint8Array): PlainOutcome | null {
  const source = new ByteSource(bytes);
  let id = '';
  let sentBy = '';
  let outcome: PlainOutcome | null = null;
  while (!source.done) {
    switch (source.varint()) {
      case eventTag.id:
        id = source.text();
        break;
      case eventTag.source:
        sentBy = source.text();
        break;
      case eventTag.outcome: {
        if (outcome !== null) return null;
        const before = source.enter();
        // What stands behind it may still change its id and source: hardly anybody writes it so.
        outcome = readOutcome(source, id, sentBy);
        if (outcome === null) return null;
        source.leave(before);
        break;
      }
      default:
        return null;
    }
  }
  return outcome !== null && outcome.id === id && outcome.source === sentBy ? outcome : null;
}

function readOutcome(source: ByteSource, id: string, sentBy: string): PlainOutcome | null {
  let [model, input, truth] = ['', '', ''];
  let seconds = NaN;
  let nanos = 0;
  let value: number | undefined = undefined;
  let revision = 0;
  while (!source.done) {
    switch (source.varint()) {
      case outcomeTag.model:
        model = source.text();
        break;
      case outcomeTag.input:
        input = source.text();
        break;
      case outcomeTag.knownAt: {
        if (!Number.isNaN(seconds)) return null;
        const before = source.enter();
        seconds = 0;
        while (!source.done) {
          switch (source.varint()) {
            case timestampTag.seconds: {
              // `null` before 1970, where seconds are negative.
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
        source.leave(before);
        break;
      }
      case outcomeTag.truth:
        truth = source.text();
        break;
      case outcomeTag.value:
        value = source.double();
        break;
      case outcomeTag.revision:
        revision = source.varint();
        break;
      default:
        return null;
    }
  }
  if (Number.isNaN(seconds)) return null;
  return new PlainOutcome(id, sentBy, model, input, seconds, nanos, truth, value, revision);
}
