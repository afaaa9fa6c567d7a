import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Offer, Original } from '../receive/door.js';
import type { ReadBody } from './read-body.js';

const eventsField = 1;

/** A `moola.v1.EventBatch`. Each event is read by itself, so that one that cannot be read is refused alone. */
export function readProtobuf(bytes: Buffer): ReadBody {
  const reader = new BinaryReader(bytes);
  const offers: Offer[] = [];
  let at = 0;
  try {
    while (reader.pos < reader.len) {
      at = reader.pos;
      const [field, wireType] = reader.tag();
      if (field !== eventsField || wireType !== WireType.LengthDelimited) {
        return {
          ok: false,
          detail: `is no moola.v1.EventBatch: byte ${at} begins field ${field}, expected field 1 (events)`,
        };
      }
      offers.push(offerOf(reader.bytes()));
    }
  } catch (error) {
    return { ok: false, detail: `is no moola.v1.EventBatch: byte ${at}: ${message(error)}` };
  }
  return { ok: true, offers };
}

function offerOf(bytes: Uint8Array): Offer {
  const original: Original = { encoding: 'protobuf', bytes: () => bytes };
  try {
    return { kind: 'event', event: fromBinary(EventSchema, bytes, { readUnknownFields: false }), original };
  } catch (error) {
    const detail = `is no moola.v1.Event: ${message(error)}`;
    return { kind: 'unreadable', refused: { reason: 'malformed', field: '', detail }, original };
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
