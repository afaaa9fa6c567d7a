import { fromJson, type DescMessage, type JsonObject } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LocalTime } from '@moola/contracts/instants/read-instant';
import { readJsonInstants } from './json-instants.js';
import { isObject } from './json-object.js';
import { malformed, type UnknownFields } from './offer.js';
import { messageOf } from './read-protobuf.js';
import type { Refused } from './refused.js';

export type EventJson =
  | { readonly ok: true; readonly event: Event; readonly unknownFields: number }
  | { readonly ok: false; readonly refused: Refused };

/**
 * An event out of its proto3 JSON.
 * @param clocks whose clocks times without a zone mean; `null`: such times are refused
 */
export function eventOfJson(value: unknown, unknown: UnknownFields, clocks: LocalTime | null = null): EventJson {
  if (!isObject(value)) {
    return { ok: false, refused: malformed('is no object: expected an event such as {"prediction": {…}}') };
  }
  const told = value as JsonObject;
  const known = unknown === 'ignored' ? withoutUnknownFields(told, EventSchema) : { value: told, left: 0 };
  const timed = readJsonInstants(known.value, EventSchema, clocks);
  if (!timed.ok) return timed;
  try {
    return { ok: true, event: fromJson(EventSchema, timed.value), unknownFields: known.left };
  } catch (error) {
    return { ok: false, refused: malformed(`is no event: ${messageOf(error)}`) };
  }
}

/**
 * Leaves out fields that a newer producer writes. Unlike the reader's own option for it, this keeps names of enums that are
 * not known: they must not pass for the default.
 */
function withoutUnknownFields(value: JsonObject, schema: DescMessage): { value: JsonObject; left: number } {
  const known: JsonObject = {};
  let left = 0;
  for (const [key, inner] of Object.entries(value)) {
    const field = schema.fields.find(({ jsonName, name }) => jsonName === key || name === key);
    if (field === undefined) {
      left++;
      continue;
    }
    // Instants and the like are no objects in JSON.
    if (field.fieldKind === 'message' && isObject(inner)) {
      const nested = withoutUnknownFields(inner, field.message);
      known[key] = nested.value;
      left += nested.left;
    } else known[key] = inner;
  }
  return { value: known, left };
}
