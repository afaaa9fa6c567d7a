import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LocalTime } from '@moola/contracts/instants/read-instant';
import { JsonReader } from './json-fields.js';
import { kindOf } from './json-kind.js';
import { isObject } from './json-object.js';
import { malformed, type UnknownFields } from './submitted-event.js';
import type { Refused } from './refused.js';

export type EventJson =
  | { readonly ok: true; readonly event: Event; readonly unknownFields: number }
  | { readonly ok: false; readonly refused: Refused };

/**
 * An event out of its proto3 JSON, or out of what people write for it: `"role": "primary"`, `"class": 1`.
 * @param clocks whose clocks times without a zone mean; `null`: such times are refused
 */
export function eventOfJson(value: unknown, unknown: UnknownFields, clocks: LocalTime | null = null): EventJson {
  if (!isObject(value)) {
    return { ok: false, refused: malformed(`is ${kindOf(value)}: expected an event such as {"prediction": {…}}`) };
  }
  const read = new JsonReader(unknown, clocks).read(value as JsonObject, EventSchema);
  if (!read.ok) return read;
  try {
    return { ok: true, event: fromJson(EventSchema, read.value), unknownFields: read.unknownFields };
  } catch {
    // What it says may show a value.
    return { ok: false, refused: malformed('is no event as docs/events.md describes it') };
  }
}
