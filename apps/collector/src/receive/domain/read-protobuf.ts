import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { mostEvents } from './limits.js';
import { tooManyEvents, type SubmittedEvent, type ReadSubmittedEvents, type UnknownFields } from './submitted-event.js';

const eventsField = 1;

/** A `moola.v1.EventBatch`. Each event is read by itself, so that one that cannot be read is refused alone. */
export function readProtobuf(bytes: Uint8Array, unknown: UnknownFields): ReadSubmittedEvents {
  const reader = new BinaryReader(bytes);
  const submittedEvents: SubmittedEvent[] = [];
  let at = 0;
  let unknownFields = 0;
  try {
    while (reader.pos < reader.len) {
      at = reader.pos;
      const [field, wireType] = reader.tag();
      if (field !== eventsField && unknown === 'ignored') {
        reader.skip(wireType, field);
        unknownFields++;
        continue;
      }
      if (field !== eventsField || wireType !== WireType.LengthDelimited) {
        return {
          ok: false,
          detail: `is no moola.v1.EventBatch: byte ${at} begins field ${field}, expected field 1 (events)`,
        };
      }
      submittedEvents.push({ kind: 'protobuf', bytes: reader.bytes() });
      if (submittedEvents.length > mostEvents) return tooManyEvents;
    }
  } catch (error) {
    return { ok: false, detail: `is no moola.v1.EventBatch: byte ${at}: ${messageOf(error)}` };
  }
  return { ok: true, submittedEvents, unknownFields };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
