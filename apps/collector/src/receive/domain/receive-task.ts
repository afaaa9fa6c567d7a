import type { ForeignRecord } from '@moola/contracts/foreign-record';
import { partitionOf } from '@moola/contracts/partition-of';
import type { IntakeRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import type { Emitter, StreamRow, TaskContext, TaskState } from '@moola/streams/processor/processor';
import { mostEvents } from './limits.js';
import { malformed, tooManyEvents, originalOf, type Original, type ReadSubmittedEvents } from './submitted-event.js';
import { Wire } from './quick/wire.js';
import { readJson, readNdjson } from './read-json.js';
import { readProtobuf } from './read-protobuf.js';
import type { ReceiveProcessorSettings } from './receive-settings.js';
import type { Receiver } from './receiver.js';
import { formOf } from './record-form.js';
import { RefusalLetters } from './refusal-letters.js';
import type { Refused } from './refused.js';

const eventsTag = 0x0a;

/** One partition of `telemetry`. */
export class ReceiveTask implements TaskState<ForeignRecord> {
  private readonly wire = new Wire();
  private accepted = 0;
  private refused = 0;
  private unknownFields = 0;
  private emitter!: Emitter;
  private row!: StreamRow<ForeignRecord>;
  private letters!: RefusalLetters;
  private nowMs = 0;
  private intakePartitions = 1;
  /** Of the next event of the record. */
  private index = 0;

  constructor(
    private readonly settings: ReceiveProcessorSettings,
    private readonly receiver: Receiver,
    private readonly context: TaskContext,
  ) {}

  apply(row: StreamRow<ForeignRecord>, emitter: Emitter): void {
    // Neither time nor configuration comes from a foreign producer.
    if (row.kind !== 'data') return;
    this.row = row;
    this.emitter = emitter;
    this.nowMs = row.value.appendedAtMs;
    this.intakePartitions = emitter.partitionsOf(topics.intake);
    this.index = 0;
    const before = this.receiver.unknownFields;
    this.letters = new RefusalLetters(this.settings.letter);
    this.take(row.value);
    const partition = this.context.partition % emitter.partitionsOf(topics.deadLetters);
    for (const letter of this.letters.finish()) emitter.emit(topics.deadLetters, partition, letter);
    this.unknownFields += this.receiver.unknownFields - before;
  }

  takeChanges(): Map<string, null> {
    const { accepted, refused, unknownFields } = this;
    this.settings.counted({ accepted, refused, unknownFields });
    this.accepted = 0;
    this.refused = 0;
    this.unknownFields = 0;
    return new Map();
  }

  private take(record: ForeignRecord): void {
    const { value } = record;
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.length);
    const read = formOf(record);
    if (!read.ok) return this.refuseWhole(bytes, 'protobuf', read.detail);
    let events: number | null;
    switch (read.form) {
      case 'event':
        return this.takeEvent(bytes, 0, bytes.length);
      case 'batch':
        // Nothing is taken of a batch whose end is missing: it is refused as a whole.
        events = this.eventsOf(bytes);
        return events === null
          ? this.takeSubmitted(readProtobuf(bytes, 'ignored'), bytes, 'protobuf')
          : this.takeEvents(bytes, events);
      case 'protobuf':
        // An event holds more than the field of which a batch consists.
        events = this.eventsOf(bytes);
        return events === null ? this.takeEvent(bytes, 0, bytes.length) : this.takeEvents(bytes, events);
      case 'json':
        return this.takeSubmitted(readJson(bytes, 'ignored'), bytes, 'json');
      case 'ndjson':
        return this.takeSubmitted(readNdjson(bytes), bytes, 'json');
    }
  }

  private takeEvent(bytes: Buffer, start: number, end: number): void {
    const received = this.receiver.protobuf(bytes, start, end, this.nowMs);
    if (received.accepted) this.accept(received.row, received.model);
    else this.refuse(received.refused, { encoding: 'protobuf', bytes: () => bytes.subarray(start, end) });
  }

  /** @param events how many the bytes are: `eventsOf` */
  private takeEvents(bytes: Buffer, events: number): void {
    if (events > mostEvents) return this.takeSubmitted(tooManyEvents, bytes, 'protobuf');
    const { wire } = this;
    const end = bytes.length;
    let at = 0;
    while (at < end) {
      wire.begin(bytes, at + 1);
      const stop = wire.delimited(end);
      at = stop;
      this.takeEvent(bytes, wire.at, stop);
    }
  }

  /** How many events the bytes are, one after the other; `null` when they are something else. */
  private eventsOf(bytes: Buffer): number | null {
    const { wire } = this;
    wire.begin(bytes, 0);
    const end = bytes.length;
    let events = 0;
    while (wire.at < end && !wire.needsFallback) {
      if (bytes[wire.at++] !== eventsTag) return null;
      wire.at = wire.delimited(end);
      events++;
    }
    return wire.needsFallback || end === 0 ? null : events;
  }

  private takeSubmitted(read: ReadSubmittedEvents, bytes: Buffer, encoding: Original['encoding']): void {
    if (!read.ok) return this.refuseWhole(bytes, encoding, read.detail);
    this.unknownFields += read.unknownFields;
    for (const submitted of read.submittedEvents) {
      const received = this.receiver.receive(submitted, this.nowMs);
      if (received.accepted) this.accept(received.row, received.model);
      else this.refuse(received.refused, originalOf(submitted));
    }
  }

  private refuseWhole(bytes: Buffer, encoding: Original['encoding'], detail: string): void {
    this.refuse(malformed(`the record ${detail}`), { encoding, bytes: () => bytes });
  }

  private accept(row: IntakeRow, model: string): void {
    this.accepted++;
    this.index++;
    this.emitter.emit(topics.intake, partitionOf(model, this.intakePartitions), row);
  }

  private refuse({ reason, field, detail }: Refused, original: Original): void {
    const { environment, partition } = this.context;
    const { offset } = this.row.position;
    this.letters.add({
      original,
      refused: { reason, field, detail: `${detail} (partition ${partition}, offset ${offset})` },
      atMs: this.nowMs,
      origin: 'telemetry',
      place: `${environment}/${partition}/${offset}/${this.index}`,
    });
    this.refused++;
    this.index++;
  }
}
